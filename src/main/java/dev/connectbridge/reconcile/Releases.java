package dev.connectbridge.reconcile;

import dev.connectbridge.resolve.ServiceId;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries that were given away, each with the hash of what it was. For the one thread that does
 * the passes; a journal that cannot be written is said and hinders nobody.
 */
public final class Releases {
  private static final Logger log = LoggerFactory.getLogger(Releases.class);

  private final SortedMap<ServiceId, String> hashes = new TreeMap<>();
  private final Consumer<SortedMap<String, String>> journal;

  /**
   * Creates one.
   *
   * @param known what was given away before, the hashes by the IDs of services
   * @param journal keeps it for the next time
   */
  public Releases(SortedMap<String, String> known, Consumer<SortedMap<String, String>> journal) {
    this.journal = journal;
    known.forEach(
        (id, hash) -> {
          if (ServiceId.looksOurs(id)) {
            hashes.put(new ServiceId(id), hash);
          }
        });
  }

  /** Returns one that forgets at the end of the process. */
  public static Releases ofProcess() {
    return new Releases(new TreeMap<>(), all -> {});
  }

  Set<ServiceId> ids() {
    return Set.copyOf(hashes.keySet());
  }

  boolean has(ServiceId id) {
    return hashes.containsKey(id);
  }

  Optional<String> hash(ServiceId id) {
    return Optional.ofNullable(hashes.get(id));
  }

  void add(ServiceId id, String hash) {
    hashes.put(id, hash);
    keep();
  }

  /** Ends those; returns whether there was any. */
  boolean end(Predicate<ServiceId> which) {
    boolean ended = hashes.keySet().removeIf(which);
    if (ended) {
      keep();
    }
    return ended;
  }

  private void keep() {
    SortedMap<String, String> all = new TreeMap<>();
    hashes.forEach((id, hash) -> all.put(id.value(), hash));
    try {
      journal.accept(all);
    } catch (UncheckedIOException e) {
      log.warn("what was released is known until the end of this process only: {}", e.getMessage());
    }
  }
}
