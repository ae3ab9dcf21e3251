package dev.connectbridge.supervise;

import dev.connectbridge.supervise.Rounds.Found;
import dev.connectbridge.supervise.Status.State;
import dev.connectbridge.supervise.Wants.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Says how the tasks stand, to people. For the supervisor's thread alone. */
final class TaskWords {
  private static final String HELD =
      "held back until somebody resumes its group, or its spec changes";

  private final Tasks tasks;
  private final TaskHands hands;
  private final Fence fence;
  private final Drains drains;

  TaskWords(Tasks tasks, TaskHands hands, Fence fence, Drains drains) {
    this.tasks = tasks;
    this.hands = hands;
    this.fence = fence;
    this.drains = drains;
  }

  List<String> warnings() {
    SortedSet<String> all = new TreeSet<>(tasks.starts().warnings());
    for (TaskRecord record : tasks.records().all()) {
      if (!hands.knows(record.driver())) {
        all.add(
            "driver %s started task %s of %s and is not switched on: whether it runs is unknown"
                .formatted(record.driver(), record.id(), record.leaving().group()));
      }
    }
    return List.copyOf(all);
  }

  List<Status.Task> status() {
    SortedSet<String> ids = new TreeSet<>(tasks.wants().all().keySet());
    ids.addAll(tasks.records().ids());
    List<Status.Task> all = new ArrayList<>();
    ids.forEach(id -> all.add(status(id)));
    return all;
  }

  Status.Task status(String id) {
    Optional<Wanted> want = Optional.ofNullable(tasks.wants().all().get(id));
    TaskRecord record = want.map(Wanted::record).or(() -> tasks.records().of(id)).orElseThrow();
    Attempts tries = tasks.starts().tries(id);
    boolean running = tasks.sight().isRunning(id);
    State state =
        drains.hasTask(id)
            ? State.LEAVING
            : running ? State.RUNNING : tries.isFailed() ? State.FAILED : State.WAITING;
    return new Status.Task(
        id,
        record.leaving().group(),
        record.driver(),
        state,
        running ? tasks.sight().of(id).map(Found::state).orElseThrow().handle() : "",
        tries.count(),
        state == State.WAITING
            ? want.map(waiting -> whatFor(id, waiting)).orElse("")
            : tries.trouble(),
        want.map(wanted -> wanted.launch().isBuiltin())
            .orElseGet(() -> !record.listening().isEmpty()));
  }

  private String whatFor(String id, Wanted want) {
    boolean held = want.services().stream().anyMatch(service -> fence.isHeld(service.value()));
    return tasks
        .blindness(id, want)
        .orElseGet(
            () ->
                held
                    ? HELD
                    : tasks.wants().isRegistered(want)
                        ? tasks.starts().tries(id).trouble()
                        : "not registered yet");
  }
}
