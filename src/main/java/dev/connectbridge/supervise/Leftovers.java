package dev.connectbridge.supervise;

import dev.connectbridge.drain.Leaving;
import dev.connectbridge.supervise.Rounds.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells which tasks are there and should not be, or should be others. For the supervisor's thread
 * alone.
 */
final class Leftovers {
  private final TaskHands hands;
  private final Wants wants;
  private final Records records;
  private final Sight sight;
  private final Drains drains;

  Leftovers(TaskHands hands, Wants wants, Records records, Sight sight, Drains drains) {
    this.hands = hands;
    this.wants = wants;
    this.records = records;
    this.sight = sight;
    this.drains = drains;
  }

  /** Returns the tasks that nobody wants any more, as far as that is certain. */
  List<Leaving> unwanted() {
    List<Leaving> gone = new ArrayList<>();
    if (sight.hasLooked()) {
      for (TaskRecord record : records.all()) {
        if (wants.isUnwanted(record) && hands.knows(record.driver()) && isFree(record)) {
          gone.add(record.leaving());
        }
      }
      if (wants.isWhole()) {
        strays().forEach(record -> gone.add(record.leaving()));
      }
    }
    return gone;
  }

  private List<TaskRecord> strays() {
    List<TaskRecord> strays = new ArrayList<>();
    for (String id : sight.ids()) {
      if (isNobodys(id) && sight.isRunning(id)) {
        strays.add(records.ofStray(id, sight.of(id).orElseThrow()));
      }
    }
    return strays;
  }

  private boolean isNobodys(String id) {
    return !records.has(id) && !wants.has(id) && !drains.hasTask(id);
  }

  /** One whose services leave by another drain waits for that: it is proof for both. */
  private boolean isFree(TaskRecord record) {
    return !drains.hasTask(record.id()) && !drains.hasAnyOf(record.leaving());
  }

  /** Returns what a crash, or a driver that failed, has left of tasks that ended long ago. */
  List<String> remains() {
    return wants.isWhole()
        ? sight.ids().stream()
            .filter(id -> isNobodys(id) && !sight.isBusy(id) && !sight.isRunning(id))
            .toList()
        : List.of();
  }

  /** Returns the tasks that run and should be others. */
  List<Leaving> replaced() {
    List<Leaving> old = new ArrayList<>();
    for (String id : running(false)) {
      TaskRecord record = records.of(id).orElseGet(() -> wants.all().get(id).record());
      records.put(record);
      if (isFree(record)) {
        old.add(record.leaving());
      }
    }
    return old;
  }

  /** Returns those that run and are what is wanted. */
  Set<String> right() {
    return running(true);
  }

  /** What is wanted goes by its hash. */
  private Set<String> running(boolean asWanted) {
    Set<String> running = new TreeSet<>();
    wants
        .all()
        .forEach(
            (id, want) ->
                sight
                    .of(id)
                    .map(Found::state)
                    .filter(state -> state.isRunning())
                    .filter(state -> state.hash().equals(want.hash()) == asWanted)
                    .ifPresent(state -> running.add(id)));
    return running;
  }
}
