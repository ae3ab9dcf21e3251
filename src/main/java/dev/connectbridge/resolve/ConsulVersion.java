package dev.connectbridge.resolve;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of Consul.
 *
 * @param major the first number
 * @param minor the second
 * @param patch the third
 */
public record ConsulVersion(int major, int minor, int patch) implements Comparable<ConsulVersion> {
  private static final Pattern FORM =
      Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?:[-+.].*)?");
  private static final Comparator<ConsulVersion> ORDER =
      Comparator.comparingInt(ConsulVersion::major)
          .thenComparingInt(ConsulVersion::minor)
          .thenComparingInt(ConsulVersion::patch);

  /**
   * Returns the release that an agent says it is; a preview counts as the release it leads to, and
   * what is no version as none.
   */
  public static Optional<ConsulVersion> of(String text) {
    Matcher found = FORM.matcher(text.strip());
    if (!found.matches()) {
      return Optional.empty();
    }
    String patch = Optional.ofNullable(found.group(3)).orElse("0");
    return Optional.of(
        new ConsulVersion(
            Integer.parseInt(found.group(1)),
            Integer.parseInt(found.group(2)),
            Integer.parseInt(patch)));
  }

  /** Returns whether this is another release, or a later one of its line. */
  boolean patches(ConsulVersion other) {
    return major == other.major && minor == other.minor && patch >= other.patch;
  }

  @Override
  public int compareTo(ConsulVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
