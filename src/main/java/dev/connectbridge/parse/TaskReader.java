package dev.connectbridge.parse;

import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.TaskSpec.Logs;
import dev.connectbridge.spec.TaskSpec.Resources;
import java.time.Duration;

/** Makes a group's task of its section. */
final class TaskReader {
  private static final Duration DEFAULT_KILL_TIMEOUT = Duration.ofSeconds(5);

  private TaskReader() {}

  static TaskSpec read(Section task, Report report) {
    for (Section service : task.blocks("service")) {
      service
          .block("connect")
          .ifPresent(
              connect ->
                  report.problem(
                      connect
                          .origin()
                          .problem("connect belongs in a group's service, not in a task's")));
    }
    return new TaskSpec(
        task.label(),
        task.text("kind"),
        task.text("driver"),
        task.text("user"),
        task.opaque("config"),
        task.textMap("env"),
        resources(task),
        task.textMap("meta"),
        logs(task),
        task.duration("kill_timeout").orElse(DEFAULT_KILL_TIMEOUT),
        task.duration("shutdown_delay").orElse(Duration.ZERO),
        task.text("kill_signal"),
        task.origin());
  }

  static Resources resources(Section task) {
    return task.block("resources")
        .map(
            resources ->
                new Resources(
                    Zero.isUnsaidOnceAdmitted(resources, "cpu"),
                    Zero.isUnsaid(resources.integer("cores")),
                    Zero.isUnsaidOnceAdmitted(resources, "memory"),
                    Zero.isUnsaid(resources.integer("memory_max"))))
        .orElse(Resources.UNSAID);
  }

  static Logs logs(Section task) {
    return task.block("logs")
        .map(
            logs ->
                new Logs(
                    Zero.isUnsaidOnceAdmitted(logs, "max_files"),
                    Zero.isUnsaidOnceAdmitted(logs, "max_file_size"),
                    logs.flag("disabled")))
        .orElse(Logs.UNSAID);
  }
}
