package dev.connectbridge.supervise;

import static java.util.stream.Collectors.toCollection;

import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.supervise.Rounds.Found;
import dev.connectbridge.supervise.TaskHands.Started;
import dev.connectbridge.supervise.Wants.Wanted;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts tasks, and remembers how often each was tried. For the supervisor's thread alone. */
final class Starts {
  private static final Logger log = LoggerFactory.getLogger(Starts.class);

  private final TaskHands hands;
  private final Ticker ticker;
  private final Records records;
  private final Sight sight;
  private final SortedMap<String, Attempts> attempts = new TreeMap<>();
  private final SortedMap<String, Set<String>> warnings = new TreeMap<>();

  Starts(TaskHands hands, Ticker ticker, Records records, Sight sight) {
    this.hands = hands;
    this.ticker = ticker;
    this.records = records;
    this.sight = sight;
  }

  /** Forgets the failures of a task. */
  void forget(String id) {
    attempts.remove(id);
  }

  /** Nothing is left of a task. */
  void remove(String id) {
    forget(id);
    warnings.remove(id);
  }

  /** Forgets those of all tasks but these. */
  void retain(Set<String> ids) {
    attempts.keySet().retainAll(ids);
  }

  private Attempts attempts(String id) {
    return attempts.computeIfAbsent(id, any -> new Attempts());
  }

  /** Returns how often a task was tried; for reading alone. */
  Attempts tries(String id) {
    return attempts.getOrDefault(id, new Attempts());
  }

  /** It runs on. */
  void runs(String id) {
    attempts(id).runs(ticker.now());
  }

  /** Returns what was ordered of the tasks that were started, and could not be given. */
  SortedSet<String> warnings() {
    return warnings.values().stream().flatMap(Set::stream).collect(toCollection(TreeSet::new));
  }

  /** Hears how a task has ended, once. */
  void hearOfItsEnd(String id, Wanted want) {
    Optional<TaskState> task = sight.of(id).map(Found::state);
    if (task.isPresent() && !tries(id).noted(task.get())) {
      attempts(id).ended(task.get(), ticker.now());
      log.warn(
          "task {} of {} has ended: {}{}",
          id,
          want.launch().group(),
          task.get().exit().orElseThrow(),
          tries(id).isFailed() ? "; it is not started again" : "");
    }
  }

  /** What its author must mend is said whether or not its driver can be asked. */
  boolean isRefused(String id, Wanted want) {
    if (want.launch().problems().isEmpty() || sight.isRunning(id)) {
      return false;
    }
    TaskException refused = TaskHands.refused(want.launch().problems());
    if (!tries(id).isFailed() && attempts(id).failed(refused, ticker.now())) {
      log.error("task {} of {}: {}", id, want.launch().group(), refused.getMessage());
    }
    return true;
  }

  /** Of one that no driver here can have started there is nothing to keep. */
  void start(String id, Wanted want) {
    TaskRecord record = want.record();
    if (hands.knows(record.driver())) {
      records.put(record);
    }
    sight.begin(id);
    hands.start(want.launch(), record, started -> started(id, want, started));
  }

  private void started(String id, Wanted want, Started started) {
    sight.end(id);
    warnings.put(id, started.warnings());
    Duration now = ticker.now();
    started
        .state()
        .ifPresent(
            state -> {
              sight.put(id, new Found(want.driver(), state));
              attempts(id).started(now);
              log.info("task {} of {} runs", id, want.launch().group());
            });
    started
        .error()
        .ifPresent(
            error -> {
              sight.remove(id);
              if (attempts(id).failed(error, now)) {
                log.error("task {} of {}: {}", id, want.launch().group(), error.getMessage());
              }
            });
  }
}
