package dev.connectbridge.admit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A further address of a service.
 *
 * @param address the address
 * @param port the port; 0 means the service's
 */
public record TaggedAddress(String address, int port) {
  private static final int LAST_PORT = 65535;
  private static final Pattern WITH_PORT =
      Pattern.compile("(?:\\[([^\\]]+)]|([^:\\[\\]]+)):([0-9]{1,5})");

  /** Returns what a text means: an IP, or an address with a port behind a colon. */
  public static Optional<TaggedAddress> of(String text) {
    if (Ip.canonical(text).isPresent()) {
      return Optional.of(new TaggedAddress(text, 0));
    }
    Matcher matcher = WITH_PORT.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > LAST_PORT) {
      return Optional.empty();
    }
    String address = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return Optional.of(new TaggedAddress(address, Integer.parseInt(matcher.group(3))));
  }

  /** Returns whether a text is one; what is filled in later may become one. */
  static boolean isOne(String text) {
    return text.contains("${") || of(text).isPresent();
  }
}
