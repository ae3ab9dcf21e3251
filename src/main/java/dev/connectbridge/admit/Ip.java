package dev.connectbridge.admit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** IP addresses in the one form of their many that can be compared. */
public final class Ip {
  private static final int GROUPS = 8;
  private static final String MAPPED = "0:0:0:0:0:ffff:";

  private Ip() {}

  /** Returns an address as its numbers are; empty for what is none. */
  public static Optional<String> canonical(String text) {
    return text.contains(":") ? six(text) : four(text).map(Ip::dotted);
  }

  /** Returns whether an address stands for every one of the machine. */
  public static boolean isAny(String canonical) {
    return canonical.equals("0.0.0.0") || canonical.equals("0:0:0:0:0:0:0:0");
  }

  /** Returns whether an address is reached from its own machine only. */
  public static boolean isLoopback(String canonical) {
    return canonical.startsWith("127.") || canonical.equals("0:0:0:0:0:0:0:1");
  }

  private static String dotted(List<Integer> octets) {
    return octets.stream().map(String::valueOf).collect(Collectors.joining("."));
  }

  private static Optional<List<Integer>> four(String text) {
    List<Integer> octets = new ArrayList<>();
    for (String part : text.split("\\.", -1)) {
      if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
        return Optional.empty();
      }
      octets.add(Integer.parseInt(part));
    }
    return octets.size() == 4 ? Optional.of(octets) : Optional.empty();
  }

  private static Optional<String> six(String text) {
    int gap = text.indexOf("::");
    if (gap != text.lastIndexOf("::")) {
      return Optional.empty();
    }
    Optional<List<Integer>> before = groups(gap < 0 ? text : text.substring(0, gap));
    Optional<List<Integer>> after =
        gap < 0 ? Optional.of(List.of()) : groups(text.substring(gap + 2));
    if (before.isEmpty() || after.isEmpty()) {
      return Optional.empty();
    }
    int missing = GROUPS - before.get().size() - after.get().size();
    if (gap < 0 ? missing != 0 : missing < 1) {
      return Optional.empty();
    }
    List<Integer> all = new ArrayList<>(before.get());
    all.addAll(Collections.nCopies(missing, 0));
    all.addAll(after.get());
    return Optional.of(written(all));
  }

  private static String written(List<Integer> groups) {
    String six = groups.stream().map(Integer::toHexString).collect(Collectors.joining(":"));
    return six.startsWith(MAPPED)
        ? dotted(
            List.of(
                groups.get(6) >> 8, groups.get(6) & 255, groups.get(7) >> 8, groups.get(7) & 255))
        : six;
  }

  /** The last two groups may be written as an IPv4 address. */
  private static Optional<List<Integer>> groups(String text) {
    List<Integer> groups = new ArrayList<>();
    String[] parts = text.isEmpty() ? new String[0] : text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      Optional<List<Integer>> last = i == parts.length - 1 ? four(parts[i]) : Optional.empty();
      if (last.isPresent()) {
        groups.add(last.get().get(0) << 8 | last.get().get(1));
        groups.add(last.get().get(2) << 8 | last.get().get(3));
      } else if (parts[i].matches("[0-9A-Fa-f]{1,4}")) {
        groups.add(Integer.parseInt(parts[i], 16));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(groups);
  }
}
