package dev.connectbridge.supervise;

import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.supervise.Wants.Wanted;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tasks that are ended only to be started again where they stand: signalled, and killed when
 * their time to end is over. For the supervisor's thread alone.
 */
final class Restarts {
  private final Endings endings;
  private final SortedMap<String, Restart> restarts = new TreeMap<>();

  Restarts(Endings endings) {
    this.endings = endings;
  }

  private record Restart(Duration killAt, boolean killed) {}

  boolean has(String id) {
    return restarts.containsKey(id);
  }

  boolean isEmpty() {
    return restarts.isEmpty();
  }

  /** It has ended; returns whether that was ours. */
  boolean remove(String id) {
    return restarts.remove(id) != null;
  }

  /** Begins; returns when there is more to do. */
  Duration begin(Wanted want, Duration now) {
    Task task = want.leaving().tasks().get(0);
    Duration killAt = now.plus(task.killTimeout());
    restarts.put(task.id(), new Restart(killAt, false));
    endings.signal(want.driver(), task, () -> {});
    return killAt;
  }

  /** Gets on with one that still runs; returns when there is more to do. */
  Optional<Duration> step(String id, String driver, Duration now) {
    Restart restart = restarts.get(id);
    if (!restart.killed() && now.compareTo(restart.killAt()) >= 0) {
      restarts.put(id, new Restart(restart.killAt(), true));
      endings.kill(driver, id);
    }
    return restart.killed() ? Optional.empty() : Optional.of(restart.killAt());
  }
}
