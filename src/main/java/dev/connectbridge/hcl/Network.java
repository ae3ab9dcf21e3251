package dev.connectbridge.hcl;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A range of IPv4 or IPv6 addresses that begin alike. */
record Network(BigInteger address, int prefix, int bits) {
  private static final Pattern BYTE = Pattern.compile("0|[1-9]\\d{0,2}");
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

  /** Returns the network with its host bits cleared; empty when it is not written as one. */
  static Optional<Network> read(String written) {
    int slash = written.indexOf('/');
    if (slash < 0 || !BYTE.matcher(written.substring(slash + 1)).matches()) {
      return Optional.empty();
    }
    String address = written.substring(0, slash);
    int bits = address.contains(":") ? 128 : 32;
    int prefix = Integer.parseInt(written.substring(slash + 1));
    if (prefix > bits) {
      return Optional.empty();
    }
    return (bits == 32 ? four(address) : six(address))
        .map(number -> number.shiftRight(bits - prefix).shiftLeft(bits - prefix))
        .map(number -> new Network(number, prefix, bits));
  }

  private static Optional<BigInteger> four(String address) {
    String[] parts = address.split("\\.", -1);
    long number = 0;
    for (String part : parts) {
      if (!BYTE.matcher(part).matches() || Integer.parseInt(part) > 255) {
        return Optional.empty();
      }
      number = number << 8 | Integer.parseInt(part);
    }
    return parts.length == 4 ? Optional.of(BigInteger.valueOf(number)) : Optional.empty();
  }

  private static Optional<BigInteger> six(String address) {
    int gap = address.indexOf("::");
    if (gap < 0) {
      return groups(address).filter(groups -> groups.size() == 8).map(Network::joined);
    }
    Optional<List<Integer>> before = groups(address.substring(0, gap));
    Optional<List<Integer>> after = groups(address.substring(gap + 2));
    if (before.isEmpty() || after.isEmpty()) {
      return Optional.empty();
    }
    List<Integer> all = new ArrayList<>(before.get());
    while (all.size() + after.get().size() < 8) {
      all.add(0);
    }
    boolean wide = all.size() > before.get().size();
    all.addAll(after.get());
    return wide && all.size() == 8 ? Optional.of(joined(all)) : Optional.empty();
  }

  private static Optional<List<Integer>> groups(String written) {
    List<Integer> groups = new ArrayList<>();
    if (written.isEmpty()) {
      return Optional.of(groups);
    }
    for (String group : written.split(":", -1)) {
      if (!GROUP.matcher(group).matches()) {
        return Optional.empty();
      }
      groups.add(Integer.parseInt(group, 16));
    }
    return Optional.of(groups);
  }

  private static BigInteger joined(List<Integer> groups) {
    BigInteger number = BigInteger.ZERO;
    for (int group : groups) {
      number = number.shiftLeft(16).or(BigInteger.valueOf(group));
    }
    return number;
  }

  /** Returns how many bits tell its hosts apart. */
  int free() {
    return bits - prefix;
  }

  /** Returns one of the networks that some more bits divide it into. */
  Network part(int more, BigInteger number) {
    BigInteger start = address.or(number.shiftLeft(free() - more));
    return new Network(start, prefix + more, bits);
  }

  /**
   * Returns an address of its kind as it is written; in IPv6 the longest row of zeros is left out.
   */
  String written(BigInteger number) {
    List<String> parts = new ArrayList<>();
    int size = bits == 32 ? 8 : 16;
    BigInteger ones = BigInteger.ONE.shiftLeft(size).subtract(BigInteger.ONE);
    for (int shift = bits - size; shift >= 0; shift -= size) {
      parts.add(number.shiftRight(shift).and(ones).toString(bits == 32 ? 10 : 16));
    }
    return bits == 32 ? String.join(".", parts) : shortened(parts);
  }

  private static String shortened(List<String> parts) {
    int best = 0;
    int length = 1;
    for (int start = 0; start < parts.size(); start++) {
      int end = start;
      while (end < parts.size() && parts.get(end).equals("0")) {
        end++;
      }
      if (end - start > length) {
        best = start;
        length = end - start;
      }
    }
    return length < 2
        ? String.join(":", parts)
        : String.join(":", parts.subList(0, best))
            + "::"
            + String.join(":", parts.subList(best + length, parts.size()));
  }

  @Override
  public String toString() {
    return written(address) + "/" + prefix;
  }
}
