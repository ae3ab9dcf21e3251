package dev.connectbridge.docker;

import java.util.regex.Pattern;

/** The names of images. */
final class ImageName {
  private static final Pattern FORM = Pattern.compile("\\w+([./:@-]+\\w+)*");

  private ImageName() {}

  /** Returns a name with its tag, {@code latest} where none was written. */
  static String of(String text) {
    if (!FORM.matcher(text).matches() || text.contains("..") || text.contains("/./")) {
      throw new IllegalArgumentException("must be the name of an image: name, name:tag");
    }
    return text.contains("@") || tagAt(text) > 0 ? text : text + ":latest";
  }

  /** Returns where to get it, without tag or digest. */
  static String repository(String name) {
    String tagged = name.contains("@") ? name.substring(0, name.indexOf('@')) : name;
    return tagAt(tagged) > 0 ? tagged.substring(0, tagAt(tagged)) : tagged;
  }

  /** Returns which one of the repository: the digest, else the tag. */
  static String version(String name) {
    return name.contains("@")
        ? name.substring(name.indexOf('@') + 1)
        : name.substring(tagAt(name) + 1);
  }

  /** A colon before a slash is a registry's port. */
  private static int tagAt(String name) {
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? colon : -1;
  }
}
