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
    if (account.isPresent()) {
      line.addAll(Accounts.prefix(account.get()));
      line.addAll(loader(carried));
    }
    line.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(carried);
    return builder.redirectInput(new File("/dev/null"));
  }

  /** What the dynamic loader obeys must not be obeyed while we are still root. */
  private static List<String> loader(SortedMap<String, String> carried) throws IOException {
    List<String> settings = new ArrayList<>();
    for (Map.Entry<String, String> each : carried.entrySet()) {
      String name = each.getKey();
      if (name.startsWith("LD_") || name.startsWith("GLIBC_") || name.startsWith("BASH_")) {
        settings.add(name + "=" + each.getValue());
      }
    }
    if (settings.isEmpty()) {
      return settings;
    }
    settings.forEach(setting -> carried.remove(setting.substring(0, setting.indexOf('='))));
    settings.add(0, Tool.path("env").orElseThrow(() -> new IOException("this machine has no env")));
    return settings;
  }

  @Override
  public String toString() {
    return "launch of " + command.get(0);
  }
}
