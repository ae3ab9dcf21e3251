package dev.connectbridge.supervise;

import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.supervise.Rounds.Found;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of the tasks that were started, so that they can be ended in order. For the
 * supervisor's thread alone.
 */
final class Records {
  private static final Logger log = LoggerFactory.getLogger(Records.class);

  private final TaskHands hands;
  private final SortedMap<String, TaskRecord> records = new TreeMap<>();

  Records(TaskHands hands) {
    this.hands = hands;
  }

  /** Takes up what an earlier process has left. */
  void recover() {
    hands.files().ifPresent(files -> records.putAll(files.records()));
  }

  Collection<TaskRecord> all() {
    return records.values();
  }

  Set<String> ids() {
    return records.keySet();
  }

  boolean has(String id) {
    return records.containsKey(id);
  }

  Optional<TaskRecord> of(String id) {
    return Optional.ofNullable(records.get(id));
  }

  /** Has one until the end of this process, or until its driver keeps it. */
  void put(TaskRecord record) {
    records.put(record.id(), record);
  }

  /** Has one, also for the process after this one. */
  void keep(TaskRecord record) {
    put(record);
    hands
        .files()
        .ifPresent(
            files -> {
              try {
                files.keep(record);
              } catch (IOException e) {
                log.error("task {} is not remembered: {}", record.id(), e.getMessage());
              }
            });
  }

  Optional<TaskRecord> remove(String id) {
    return Optional.ofNullable(records.remove(id));
  }

  /** A file that cannot be read keeps what it wanted, also what another file wanted before. */
  void follow(String id, String source) {
    of(id)
        .filter(record -> !record.leaving().source().equals(source))
        .ifPresent(record -> keep(record.with(record.leaving().from(source))));
  }

  /** Returns a record of a task of ours of which only its driver knows. */
  TaskRecord ofStray(String id, Found task) {
    TaskRecord record =
        new TaskRecord(
            id,
            task.driver(),
            task.state().hash(),
            "",
            new Leaving(
                id.substring(0, Math.max(1, id.indexOf('.'))),
                id,
                "",
                List.of(),
                List.of(new Task(id, Duration.ZERO, Duration.ofSeconds(5), "", task.driver())),
                Duration.ZERO));
    put(record);
    return record;
  }

  /**
   * Returns the same with the tasks that go with its services, and with their delays. A task whose
   * driver is not switched on is left alone: nobody would hear of its end.
   */
  Leaving behind(Leaving services) {
    Set<String> ids = services.services().stream().map(Service::id).collect(Collectors.toSet());
    List<Task> tasks = new ArrayList<>(services.tasks());
    Duration delay = services.delay();
    for (TaskRecord record : records.values()) {
      List<Service> its = record.leaving().services();
      if (!its.isEmpty()
          && its.stream().allMatch(service -> ids.contains(service.id()))
          && hands.knows(record.driver())) {
        tasks.addAll(record.leaving().tasks());
        delay = record.leaving().delay();
      }
    }
    return new Leaving(
        services.allocation(),
        services.group(),
        services.source(),
        services.services(),
        tasks,
        delay);
  }
}
