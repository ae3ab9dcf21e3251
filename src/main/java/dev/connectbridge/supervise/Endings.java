package dev.connectbridge.supervise;

import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.supervise.Rounds.Found;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Signals tasks, ends them by force, and forgets them; what a driver could not do with one that
 * still runs is done again after each look. For the supervisor's thread alone.
 */
final class Endings implements Proxies {
  private final TaskHands hands;
  private final Sight sight;
  private final Records records;
  private final SortedMap<String, Runnable> again = new TreeMap<>();
  private final Map<String, Integer> acts = new HashMap<>();
  private Consumer<String> onForget = id -> {};

  Endings(TaskHands hands) {
    this.hands = hands;
    this.sight = new Sight(hands);
    this.records = new Records(hands);
  }

  Sight sight() {
    return sight;
  }

  Records records() {
    return records;
  }

  /** Says who is told of each task that is forgotten. */
  void onForget(Consumer<String> forgotten) {
    onForget = forgotten;
  }

  /** Returns whose a task is, as far as that is known; of no other driver it is asked. */
  String driverOf(String id) {
    return records
        .of(id)
        .map(TaskRecord::driver)
        .or(() -> sight.of(id).map(Found::driver))
        .orElse("");
  }

  /** Returns the same of one that leaves: the drain knows it where a crash has lost the record. */
  String driverOf(Task task) {
    String known = driverOf(task.id());
    return known.isEmpty() ? task.driver() : known;
  }

  void tryAgain() {
    for (String id : List.copyOf(again.keySet())) {
      Runnable what = again.remove(id);
      if (sight.isRunning(id)) {
        what.run();
      }
    }
  }

  /** Another task takes the place of one that has ended. */
  void drop(String id) {
    again.remove(id);
  }

  @Override
  public boolean isStarting(String task) {
    return sight.isBusy(task);
  }

  @Override
  public boolean isActedOn(String task) {
    return acts.getOrDefault(task, 0) > 0;
  }

  @Override
  public void signal(Task task, Runnable sent) {
    signal(driverOf(task), task, sent);
  }

  void signal(String driver, Task task, Runnable sent) {
    acts.merge(task.id(), 1, Integer::sum);
    hands.signal(
        driver,
        task,
        error -> {
          acts.merge(task.id(), -1, Integer::sum);
          error.ifPresent(e -> again.putIfAbsent(task.id(), () -> signal(driver, task, () -> {})));
          if (error.isEmpty()) {
            sight.lookAgain();
          }
          sent.run();
        });
  }

  @Override
  public void kill(Task task) {
    kill(driverOf(task), task.id());
  }

  void kill(String driver, String id) {
    acts.merge(id, 1, Integer::sum);
    hands.kill(
        driver,
        id,
        error -> {
          acts.merge(id, -1, Integer::sum);
          error.ifPresent(e -> again.put(id, () -> kill(driver, id)));
          if (error.isEmpty()) {
            sight.lookAgain();
          }
        });
  }

  @Override
  public void forget(Collection<Task> tasks, Runnable done) {
    Set<String> left = new HashSet<>();
    tasks.forEach(task -> left.add(task.id()));
    if (left.isEmpty()) {
      done.run();
    }
    for (String id : List.copyOf(left)) {
      forget(
          id,
          () -> {
            left.remove(id);
            if (left.isEmpty()) {
              done.run();
            }
          });
    }
  }

  void forget(String id, Runnable done) {
    String driver = driverOf(id);
    onForget.accept(id);
    again.remove(id);
    acts.remove(id);
    sight.begin(id);
    sight.remove(id);
    hands.forget(
        driver,
        id,
        records.remove(id),
        id.substring(id.indexOf('.') + 1),
        () -> {
          sight.end(id);
          done.run();
        });
  }
}
