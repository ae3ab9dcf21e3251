package dev.connectbridge.hcl;

/** Paths as texts; no file is looked at. */
final class Paths {
  private Paths() {}

  /** Returns what follows the last slash. */
  static String last(String path) {
    String bare = withoutEnd(path);
    if (bare.isEmpty()) {
      return path.isEmpty() ? "." : "/";
    }
    return bare.substring(bare.lastIndexOf('/') + 1);
  }

  /** Returns what stands before the last slash. */
  static String before(String path) {
    int slash = path.lastIndexOf('/');
    if (slash < 0) {
      return ".";
    }
    String before = withoutEnd(path.substring(0, slash));
    return before.isEmpty() ? "/" : before;
  }

  private static String withoutEnd(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }
}
