package dev.connectbridge.supervise;

import dev.connectbridge.supervise.Rounds.Found;
import dev.connectbridge.supervise.Rounds.Seen;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the drivers run, as far as it was seen. What is started or cleared away while they are asked
 * is not what they saw. For the supervisor's thread alone.
 */
final class Sight {
  /** How often the drivers are asked though no task has said that it ended. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final Duration LOOK_WHILE_LEAVING = Duration.ofMillis(500);

  /** How long a driver may take to say what runs. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TaskHands hands;
  private final SortedMap<String, Found> found = new TreeMap<>();
  private final SortedMap<String, String> blind = new TreeMap<>();
  private final Set<String> busy = new HashSet<>();
  private final Map<String, Long> touched = new HashMap<>();
  private Runnable onSeen = () -> {};
  private long epoch;
  private boolean looking;
  private boolean lookAgain = true;
  private boolean lookedOnce;
  private Duration lookAt = Duration.ZERO;
  private Duration giveUpAt = Duration.ZERO;

  Sight(TaskHands hands) {
    this.hands = hands;
  }

  /** Says who is told after each look. */
  void onSeen(Runnable seen) {
    onSeen = seen;
  }

  /** Asks again, though it is not time yet. */
  void lookAgain() {
    lookAgain = true;
  }

  /** Looks if it is time; returns when it is time again. */
  Duration step(Duration now, boolean hurried) {
    if (looking && now.compareTo(giveUpAt) >= 0) {
      hands.rounds().giveUp();
    }
    if (!looking && (lookAgain || now.compareTo(lookAt) >= 0)) {
      looking = true;
      lookAgain = false;
      giveUpAt = now.plus(PATIENCE);
      lookAt = now.plus(hurried ? LOOK_WHILE_LEAVING : LOOK);
      long since = epoch;
      hands.rounds().begin(seen -> seen(seen, since));
    }
    return looking ? giveUpAt : lookAt;
  }

  private void seen(Seen seen, long since) {
    looking = false;
    lookedOnce = true;
    blind.clear();
    blind.putAll(seen.blind());
    Set<String> ids = new TreeSet<>(found.keySet());
    ids.addAll(seen.tasks().keySet());
    for (String id : ids) {
      if (busy.contains(id)) {
        continue;
      }
      if (touched.getOrDefault(id, 0L) > since) {
        lookAgain = true;
        continue;
      }
      Found task = seen.tasks().get(id);
      if (task != null) {
        found.put(id, task);
      } else if (!seen.blind().containsKey(found.get(id).driver())) {
        found.remove(id);
      }
    }
    onSeen.run();
  }

  /** Something is done with a task that makes what is seen of it out of date. */
  void begin(String id) {
    busy.add(id);
    touched.put(id, ++epoch);
  }

  /** It is done. */
  void end(String id) {
    busy.remove(id);
    touched.put(id, ++epoch);
  }

  boolean isBusy(String id) {
    return busy.contains(id);
  }

  /** Returns whether something is being started or cleared away. */
  boolean isBusy() {
    return !busy.isEmpty();
  }

  boolean hasLooked() {
    return lookedOnce;
  }

  void put(String id, Found task) {
    found.put(id, task);
  }

  void remove(String id) {
    found.remove(id);
  }

  Optional<Found> of(String id) {
    return Optional.ofNullable(found.get(id));
  }

  boolean isRunning(String id) {
    return of(id).filter(task -> task.state().isRunning()).isPresent();
  }

  /** Returns the names of all that is there. */
  List<String> ids() {
    return List.copyOf(found.keySet());
  }

  /** Returns why nobody knows what a driver runs; empty when that is known. */
  Optional<String> blindness(String driver) {
    return hands.knows(driver)
        ? Optional.ofNullable(blind.get(driver))
        : Optional.of("driver %s, which may run it, is not switched on".formatted(driver));
  }

  /** Returns why nobody knows what those drivers run that are here; empty when that is known. */
  boolean isBlind() {
    return !blind.isEmpty();
  }
}
