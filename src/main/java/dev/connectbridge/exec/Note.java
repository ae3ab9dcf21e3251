package dev.connectbridge.exec;

import dev.connectbridge.sidecar.LogRotation;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.spec.TaskSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a task, also after we were killed: a value.
 *
 * @param mark whose it is, and by which order
 * @param leader its first process, which leads its session; empty until it is started
 * @param output where its output goes; empty when that is not known any more
 * @param groups its control groups
 * @param exit how it ended; empty while it runs
 */
record Note(
    Mark mark,
    Optional<Leader> leader,
    Optional<Output> output,
    List<Path> groups,
    Optional<TaskState.Exit> exit) {

  Note {
    groups = List.copyOf(groups);
  }

  /**
   * A process that no later one of the same number is taken for.
   *
   * @param pid its number
   * @param start when it was started, in the kernel's ticks
   * @param boot the start of the machine that the ticks are counted from
   */
  record Leader(long pid, long start, String boot) {}

  /**
   * Where the output of a task goes.
   *
   * @param directory the directory
   * @param task the name of the task
   * @param logs how it is rotated
   */
  record Output(Path directory, String task, TaskSpec.Logs logs) {
    LogRotation rotation() {
      return new LogRotation(directory, task, logs);
    }
  }

  /** Returns the note of a task that is about to be started. */
  static Note of(TaskOrder order) {
    return new Note(
        new Mark(order.owner(), order.id(), order.hash()),
        Optional.empty(),
        Optional.of(
            new Output(
                order.dirs().logs().toAbsolutePath(), order.task().name(), order.task().logs())),
        List.of(),
        Optional.empty());
  }

  TaskId id() {
    return mark.id();
  }

  Note in(List<Path> someGroups) {
    return new Note(mark, leader, output, someGroups, exit);
  }

  Note ledBy(Leader someLeader) {
    return new Note(mark, Optional.of(someLeader), output, groups, exit);
  }

  Note ended(TaskState.Exit how) {
    return new Note(mark, leader, output, groups, Optional.of(how));
  }

  TaskState state() {
    return new TaskState(
        mark.id(),
        mark.hash(),
        leader.map(process -> String.valueOf(process.pid())).orElse("none"),
        exit);
  }
}
