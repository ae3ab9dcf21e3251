package dev.connectbridge.exec;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A command on its way to be a process of its own session, control groups and user. Each tool
 * becomes the next by exec, so the process that is started is the one that the command ends up in.
 *
 * @param command the command, its file first
 * @param environment all of its environment
 * @param directory where it is started
 * @param account the user that it changes to
 * @param groups the control groups that it enters before anything else
 */
record Launch(
    List<String> command,
    SortedMap<String, String> environment,
    Path directory,
    Optional<Accounts.Account> account,
    List<Path> groups) {

  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final String RESET = "--default-signal";

  /** Enters the control groups named before the dashes; one that is gone is no reason to stop. */
  private static final String ENTER =
      "while [ \"$1\" != -- ]; do echo $$ 2>/dev/null >\"$1\"; shift; done; shift; exec \"$@\"";

  /** Returns the environment of a task: what was ordered, a PATH, and the mark. */
  static SortedMap<String, String> environment(Map<String, String> ordered, Mark mark) {
    SortedMap<String, String> environment = new TreeMap<>(ordered);
    environment.putIfAbsent(
        "PATH", Optional.ofNullable(System.getenv("PATH")).orElse(DEFAULT_PATH));
    environment.put(Mark.VARIABLE, mark.text());
    return environment;
  }

  /** Returns the file that a command stands for; a path is one from the task's own directory. */
  static Optional<Path> file(String command, Path directory, Map<String, String> environment) {
    if (command.isEmpty() || command.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    if (command.contains("/")) {
      Path file = directory.resolve(command).toAbsolutePath().normalize();
      return Optional.of(file).filter(Files::isRegularFile).filter(Files::isExecutable);
    }
    return Tool.find(command, environment.getOrDefault("PATH", DEFAULT_PATH));
  }

  /** Returns what starts it; where its output goes is left to say. */
  ProcessBuilder builder() throws IOException {
    List<String> line = new ArrayList<>();
    if (!groups.isEmpty()) {
      line.addAll(List.of("/bin/sh", "-c", ENTER, "sh"));
      groups.forEach(group -> line.add(group.resolve("cgroup.procs").toString()));
      line.add("--");
    }
    line.add(Tool.path("setsid").orElseThrow(() -> new IOException("this machine has no setsid")));
    SortedMap<String, String> carried = new TreeMap<>(environment);
    account.ifPresent(user -> line.addAll(Accounts.prefix(user)));
    List<String> loader = account.isPresent() ? loader(carried) : List.of();
    Optional<String> env = Tool.path("env");
    if (env.isPresent() && (resetsSignals() || !loader.isEmpty())) {
      line.add(env.get());
      line.addAll(resetsSignals() ? List.of(RESET) : List.of());
      line.addAll(loader);
      line.addAll(
          command.get(0).contains("=") ? List.of("/bin/sh", "-c", "exec \"$@\"", "sh") : List.of());
    }
    line.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(carried);
    return builder.redirectInput(new File("/dev/null"));
  }

  /**
   * Returns whether a task can be started with all signals as they are by default. Without that it
   * inherits ours: Java blocks SIGQUIT, and a shell that starts us in the background ignores
   * SIGINT.
   */
  static boolean resetsSignals() {
    return Reset.WORKS;
  }

  /** Asked once. */
  private static final class Reset {
    private static final boolean WORKS =
        Tool.path("env").filter(env -> Tool.succeeds(List.of(env, RESET, env))).isPresent();
  }

  /** What the dynamic loader obeys must not be obeyed while we are still root. */
  private static List<String> loader(SortedMap<String, String> carried) {
    List<String> names =
        carried.keySet().stream().filter(name -> name.matches("(LD|GLIBC|BASH)_.*")).toList();
    return names.stream().map(name -> name + "=" + carried.remove(name)).toList();
  }

  @Override
  public String toString() {
    return "launch of " + command.get(0);
  }
}
