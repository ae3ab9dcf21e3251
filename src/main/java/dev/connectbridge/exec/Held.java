package dev.connectbridge.exec;

import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskState.Exit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks that a driver knows, and what becomes of them. One changes only inside the map's own
 * lock of its key, and its note with it, so that a task that is forgotten leaves none behind.
 */
final class Held {
  private static final Logger log = LoggerFactory.getLogger(Held.class);
  private static final int PATIENCE_SECONDS = 5;

  private final ConcurrentMap<TaskId, Task> tasks = new ConcurrentHashMap<>();
  private final Notes notes;
  private final Family family;
  private final Runnable ended;
  private volatile boolean closed;

  Held(Notes notes, Family family, Runnable ended) {
    this.notes = notes;
    this.family = family;
    this.ended = ended;
  }

  /**
   * A task and what only we know of it.
   *
   * @param note what is known of it
   * @param seenOff when its end, as that of our child, has been noted; empty for an adopted one
   * @param heard the signals that it was last seen to hear or ignore
   */
  private record Task(Note note, Optional<CompletableFuture<Void>> seenOff, long heard) {
    boolean isRunningAs(Note.Leader leader) {
      return note.exit().isEmpty() && note.leader().equals(Optional.of(leader));
    }

    Task with(Note changed) {
      return new Task(changed, seenOff, heard);
    }
  }

  Optional<Note> of(TaskId id) {
    return Optional.ofNullable(tasks.get(id)).map(Task::note);
  }

  List<Note> all() {
    return tasks.values().stream().map(Task::note).toList();
  }

  /** Takes over a task that is not our child. */
  void adopt(Note note) {
    tasks.computeIfAbsent(
        note.id(),
        id -> {
          write(note);
          return new Task(note, Optional.empty(), 0);
        });
  }

  /** Takes a task that is our child. */
  void keep(Note note, Process process) {
    CompletableFuture<Void> seenOff = new CompletableFuture<>();
    tasks.compute(
        note.id(),
        (id, none) -> {
          write(note);
          return new Task(note, Optional.of(seenOff), 0);
        });
    CompletableFuture<Void> unused =
        process
            .onExit()
            .thenAccept(
                gone -> {
                  boolean news = end(note, Optional.of(gone.exitValue()));
                  seenOff.complete(null);
                  if (news) {
                    ended.run();
                  }
                });
  }

  /** Looks after each task that runs: whether it still does, and which signals it hears. */
  void look() {
    tasks.keySet().forEach(this::look);
  }

  /** Looks after one task. */
  void look(TaskId id) {
    Task task = tasks.get(id);
    if (task != null && task.note().exit().isEmpty() && task.note().leader().isPresent()) {
      look(task, task.note().leader().get());
    }
  }

  private void look(Task task, Note.Leader leader) {
    if (task.seenOff().isEmpty() && !family.lives(leader)) {
      if (end(task.note(), Optional.empty())) {
        ended.run();
      }
      return;
    }
    long heard = family.heard(leader);
    if (heard != 0) {
      tasks.computeIfPresent(
          task.note().id(),
          (id, now) -> now.isRunningAs(leader) ? new Task(now.note(), now.seenOff(), heard) : now);
    }
  }

  /** Waits until the end of a task that has been ended is noted. */
  void awaitEnd(TaskId id) throws IOException {
    Task task = tasks.get(id);
    if (task == null || task.seenOff().isEmpty()) {
      look(id);
      return;
    }
    try {
      task.seenOff().get().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("its end was not noticed", e);
    }
  }

  /** Notes that a task has ended; returns whether that is news to anybody. */
  private boolean end(Note running, Optional<Integer> value) {
    if (closed) {
      return false;
    }
    Note.Leader leader = running.leader().orElseThrow();
    tasks.computeIfPresent(
        running.id(),
        (id, now) -> {
          if (!now.isRunningAs(leader)) {
            return now;
          }
          Note note = now.note().ended(exit(now, value));
          write(note);
          return now.with(note);
        });
    return true;
  }

  private static Exit exit(Task task, Optional<Integer> value) {
    return value
        .map(code -> Exits.of(code, task.heard()))
        .map(
            exit ->
                Exits.isKill(exit) && ControlGroups.ranOutOfMemory(task.note().groups())
                    ? new Exit(exit.code(), exit.signal(), true)
                    : exit)
        .orElse(Exit.UNKNOWN);
  }

  /** Forgets a task, and its note. */
  void drop(TaskId id) throws IOException {
    tasks.remove(id);
    notes.remove(id);
  }

  /** What is not written is found again by its mark. */
  private void write(Note note) {
    try {
      notes.write(note);
    } catch (IOException e) {
      log.warn("the note of task {} cannot be written: {}", note.id(), e.toString());
    }
  }

  /** Tasks that end from now on are somebody else's to note. */
  void close() {
    closed = true;
  }
}
