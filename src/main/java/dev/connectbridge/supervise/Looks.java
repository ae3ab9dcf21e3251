package dev.connectbridge.supervise;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells what a pass read of the agent from what drains have removed since it looked. Looking is
 * counted from any thread; the rest is for the supervisor's thread alone.
 */
final class Looks {
  private final AtomicLong last = new AtomicLong();
  private final Map<String, Long> removed = new HashMap<>();

  /** The agent is about to be read. */
  void look() {
    last.incrementAndGet();
  }

  /** Returns the number of the last look. */
  long last() {
    return last.get();
  }

  /** A drain has ended that removed these. */
  void removed(Collection<String> ids) {
    ids.forEach(id -> removed.put(id, last.get()));
  }

  /** What is told from now on goes by this look, or by a later one. */
  void goBy(long look) {
    removed.values().removeIf(since -> since < look);
  }

  /** Returns whether an entry was removed after the look that is gone by had begun. */
  boolean isOutdated(String id) {
    return removed.containsKey(id);
  }
}
