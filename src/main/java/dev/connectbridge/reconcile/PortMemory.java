package dev.connectbridge.reconcile;

import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.ServiceId;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dynamic ports given so far, and those that others listen on. For the one thread that does the
 * passes; a journal that cannot be written is said and keeps no service back.
 */
public final class PortMemory {
  private static final Logger log = LoggerFactory.getLogger(PortMemory.class);

  private final Supplier<SortedSet<Integer>> listening;
  private final Consumer<SortedMap<String, Integer>> journal;
  private SortedMap<String, Integer> given;

  /**
   * Creates one.
   *
   * @param listening tells the ports of this machine that are listened on now
   * @param known the ports that were given before
   * @param journal keeps them for the next time
   */
  public PortMemory(
      Supplier<SortedSet<Integer>> listening,
      SortedMap<String, Integer> known,
      Consumer<SortedMap<String, Integer>> journal) {
    this.listening = listening;
    this.given = new TreeMap<>(known);
    this.journal = journal;
  }

  /** Returns one that forgets at the end of the process. */
  public static PortMemory ofProcess(Supplier<SortedSet<Integer>> listening) {
    return new PortMemory(listening, new TreeMap<>(), ports -> {});
  }

  SortedSet<Integer> listening() {
    return new TreeSet<>(listening.get());
  }

  SortedMap<String, Integer> remembered() {
    return new TreeMap<>(given);
  }

  /** Forgets the ports of an allocation, but for what the agent remembers of them. */
  boolean forget(String allocation) {
    return given.keySet().removeIf(key -> key.startsWith(allocation + "/"));
  }

  /**
   * Keeps what is in use; what a source that cannot be read may still use is kept as well, and what
   * was given away is to be wanted with the same ports again.
   */
  void keep(Desired desired, Set<ServiceId> givenAway) {
    SortedMap<String, Integer> now = new TreeMap<>(desired.ports());
    for (ServiceId id : givenAway) {
      String of = id.allocation() + "/";
      given.forEach(
          (key, port) -> {
            if (key.startsWith(of)) {
              now.putIfAbsent(key, port);
            }
          });
    }
    if (!desired.complete() || !desired.frozen().isEmpty()) {
      given.forEach((key, port) -> now.putIfAbsent(key, port));
    }
    if (now.equals(given)) {
      return;
    }
    try {
      journal.accept(now);
      given = now;
    } catch (UncheckedIOException e) {
      log.warn("the ports are not kept, but for what the agent remembers: {}", e.getMessage());
    }
  }
}
