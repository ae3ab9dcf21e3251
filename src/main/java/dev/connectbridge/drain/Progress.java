package dev.connectbridge.drain;

import dev.connectbridge.drain.Receipt.TaskEnd;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** How far a drain got: a value. Of each thing the first time counts. */
record Progress(
    Optional<Duration> deregistered,
    Optional<Duration> absent,
    String doubt,
    Optional<Duration> cancelled,
    SortedMap<String, TaskEnd> tasks) {

  Progress {
    tasks = Collections.unmodifiableSortedMap(new TreeMap<>(tasks));
  }

  static Progress none(Leaving leaving) {
    SortedMap<String, TaskEnd> tasks = new TreeMap<>();
    leaving.tasks().forEach(task -> tasks.put(task.id(), TaskEnd.pending(task.id())));
    return new Progress(Optional.empty(), Optional.empty(), "", Optional.empty(), tasks);
  }

  Progress withDeregistered(Duration at) {
    return new Progress(deregistered.or(() -> Optional.of(at)), absent, doubt, cancelled, tasks);
  }

  Progress withAbsent(Duration at) {
    return new Progress(deregistered, absent.or(() -> Optional.of(at)), doubt, cancelled, tasks);
  }

  Progress withDoubt(String reason) {
    return new Progress(deregistered, absent, reason, cancelled, tasks);
  }

  Progress withCancelled(Duration at) {
    return new Progress(deregistered, absent, doubt, Optional.of(at), tasks);
  }

  /** Changes the end of a task, if it is one of these. */
  Progress withEnd(String task, UnaryOperator<TaskEnd> change) {
    SortedMap<String, TaskEnd> changed = new TreeMap<>(tasks);
    changed.computeIfPresent(task, (id, end) -> change.apply(end));
    return new Progress(deregistered, absent, doubt, cancelled, changed);
  }
}
