package dev.connectbridge.hcl;

/** A text that may be looked at only so often: the bound of a pattern that goes astray. */
final class Counted implements CharSequence {
  private final CharSequence text;
  private final int[] left;

  private Counted(CharSequence text, int[] left) {
    this.text = text;
    this.left = left;
  }

  /** Returns the text; each look at it is taken off what is left. */
  static Counted of(String text, int[] left) {
    return new Counted(text, left);
  }

  /** Thrown in the middle of a search. */
  static final class Astray extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Astray() {
      super("too many looks", null, false, false);
    }
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    left[0]--;
    if (left[0] < 0) {
      throw new Astray();
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new Counted(text.subSequence(start, end), left);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
