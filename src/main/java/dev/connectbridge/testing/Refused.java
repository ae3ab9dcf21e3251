package dev.connectbridge.testing;

/** The agent does not do what it was asked. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  Refused(int status, String text) {
    super(text, null, false, false);
    this.status = status;
  }

  Answered answer() {
    return Answered.text(status, getMessage());
  }
}
