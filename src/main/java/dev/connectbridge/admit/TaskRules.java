package dev.connectbridge.admit;

import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Spelling;
import dev.connectbridge.spec.TaskSpec;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The rules for the task that runs a proxy. */
final class TaskRules {
  private static final int LEAST_CPU_MHZ = 1;
  private static final int LEAST_MEMORY_MB = 10;

  /** Nomad's own drivers and the plugins that its documentation lists. */
  private static final Set<String> DRIVERS =
      Set.of(
          "containerd-driver",
          "docker",
          "exec",
          "exec2",
          "firecracker-task-driver",
          "java",
          "jail-task-driver",
          "lxc",
          "mock_driver",
          "nspawn",
          "podman",
          "pot",
          "qemu",
          "raw_exec",
          "rkt",
          "singularity",
          "virt");

  private static final Set<String> SIGNALS =
      Set.of(
          "SIGABRT",
          "SIGALRM",
          "SIGBUS",
          "SIGCHLD",
          "SIGCONT",
          "SIGFPE",
          "SIGHUP",
          "SIGILL",
          "SIGINT",
          "SIGIO",
          "SIGIOT",
          "SIGKILL",
          "SIGPIPE",
          "SIGPROF",
          "SIGQUIT",
          "SIGSEGV",
          "SIGSTOP",
          "SIGSYS",
          "SIGTERM",
          "SIGTRAP",
          "SIGTSTP",
          "SIGTTIN",
          "SIGTTOU",
          "SIGURG",
          "SIGUSR1",
          "SIGUSR2",
          "SIGWINCH",
          "SIGXCPU",
          "SIGXFSZ");

  private final GroupSpec group;
  private final TaskSpec task;
  private final Set<String> drivers;
  private final List<Problem> problems;

  TaskRules(GroupSpec group, TaskSpec task, AdmissionOptions options, List<Problem> problems) {
    this.group = group;
    this.drivers = new TreeSet<>(DRIVERS);
    this.drivers.addAll(options.drivers());
    this.task = task;
    this.problems = problems;
  }

  void check() {
    if (!drivers.contains(task.driver()) && !task.driver().contains("${")) {
      say(
          "driver",
          "no driver is called \"%s\"; known are %s%s"
              .formatted(
                  task.driver(),
                  String.join(", ", drivers),
                  Spelling.didYouMean(task.driver(), drivers)));
    }
    String signal = task.killSignal();
    if (!signal.isEmpty() && !signal.contains("${") && !SIGNALS.contains(signal)) {
      String full = signal.startsWith("SIG") ? signal : "SIG" + signal;
      String near = Spelling.didYouMean(SIGNALS.contains(full) ? full : signal, SIGNALS);
      say(
          "kill_signal",
          "no signal is called \"%s\"".formatted(signal)
              + (near.isEmpty() ? "; for instance SIGTERM is" : near));
    }
    if (task.killTimeout().isNegative()) {
      say("kill_timeout", "a timeout cannot be negative");
    }
    if (task.shutdownDelay().isNegative()) {
      say("shutdown_delay", "a delay cannot be negative");
    }
    checkResources();
    checkLogs();
  }

  private void checkResources() {
    if (task.resources().cpuMhz().orElse(LEAST_CPU_MHZ) < LEAST_CPU_MHZ) {
      sayOf("resources", "cpu", "a task needs at least cpu = 1 (MHz)");
    }
    if (task.resources().cores().orElse(0) < 0) {
      sayOf("resources", "cores", "a task cannot have a negative number of cores");
    }
    if (task.resources().cores().orElse(0) > 0 && task.resources().cpuMhz().orElse(0) > 0) {
      sayOf("resources", "cores", "a task has cores or a share of cpu, not both");
    }
    int most = task.resources().memoryMaxMb().orElse(0);
    if (most > 0 && most < task.resources().memoryMb().orElse(0)) {
      sayOf("resources", "memory_max", "memory_max is not less than memory");
    }
    if (task.resources().memoryMb().orElse(LEAST_MEMORY_MB) < LEAST_MEMORY_MB) {
      sayOf("resources", "memory", "a task needs at least memory = 10 (MB)");
    }
  }

  private void checkLogs() {
    int files = task.logs().maxFiles().orElse(1);
    int size = task.logs().maxFileSizeMb().orElse(1);
    if (files < 1 || size < 1) {
      sayOf(
          "logs",
          files < 1 ? "max_files" : "max_file_size",
          "max_files and max_file_size are at least 1");
      return;
    }
    long total = (long) files * size;
    if (total >= group.ephemeralDiskMb()) {
      say(
          "logs",
          "the logs may take %d MB, and the group's ephemeral disk has %d MB"
              .formatted(total, group.ephemeralDiskMb()));
    }
  }

  /** Says it of a key of a block of the task, which stands where the block does. */
  private void sayOf(String block, String key, String message) {
    Problem found = task.origin().problem(block, message);
    problems.add(new Problem(found.file(), found.path() + "." + key, found.place(), message));
  }

  private void say(String key, String message) {
    problems.add(task.origin().problem(key, message));
  }
}
