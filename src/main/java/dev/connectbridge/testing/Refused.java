package dev.connectbridge.testing;

import java.time.Duration;

/** The agent does not do what it was asked. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final Duration late;

  Refused(int status, String text) {
    this(status, text, Duration.ZERO);
  }

  Refused(int status, String text, Duration late) {
    super(text, null, false, false);
    this.status = status;
    this.late = late;
  }

  Answered answer() {
    return Answered.text(status, getMessage()).after(late);
  }
}
