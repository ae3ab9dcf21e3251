package dev.connectbridge.consul;

import dev.connectbridge.resolve.Marks;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/** The expressions by which the servers choose among the services of a node. */
final class CatalogFilter {

  /** Those that we registered. */
  static final String OURS =
      "Meta[\"%s\"] == \"%s\"".formatted(Marks.EXTERNAL_SOURCE, Marks.CONNECT_BRIDGE);

  private CatalogFilter() {}

  /** Returns what chooses these IDs; empty where an ID cannot be written, which means all. */
  static Optional<String> anyOf(Collection<String> ids) {
    if (ids.isEmpty() || !ids.stream().allMatch(CatalogFilter::isPlain)) {
      return Optional.empty();
    }
    return Optional.of(
        ids.stream().map("ID == \"%s\""::formatted).collect(Collectors.joining(" or ")));
  }

  /** There is no escape for a quote, nor for anything else. */
  private static boolean isPlain(String id) {
    return id.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\');
  }
}
