package dev.connectbridge.exec;

import dev.connectbridge.sidecar.TaskId;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the logs of tasks over. Called by one thread. */
final class Rotations {
  private static final Logger log = LoggerFactory.getLogger(Rotations.class);
  private static final int BEATS_A_TURN = 4;

  private final Set<TaskId> failing = new HashSet<>();
  private int beats;

  /** Looks at the logs of the tasks that run, every so many beats. */
  void beat(Collection<Note> notes) {
    beats++;
    if (beats % BEATS_A_TURN == 0) {
      notes.forEach(this::turn);
    }
  }

  private void turn(Note note) {
    if (note.output().isEmpty()) {
      return;
    }
    try {
      note.output().get().rotation().rotate();
      failing.remove(note.id());
    } catch (IOException e) {
      if (failing.add(note.id())) {
        log.warn("the logs of task {} cannot be rotated: {}", note.id(), e.toString());
      }
    }
  }
}
