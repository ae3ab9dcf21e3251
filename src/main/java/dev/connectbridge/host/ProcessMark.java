package dev.connectbridge.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process as others on its machine can tell it from every other, also from one that is given its
 * number later.
 *
 * @param machine the machine, since it was started, and the space in which processes are numbered
 * @param pid the number
 * @param began when it began, by the machine's count
 */
public record ProcessMark(String machine, long pid, String began) {
  private static final Path PROCESSES = Path.of("/proc");

  /** Where the fields of a process's state begin that no name of a program can disturb. */
  private static final int BEGAN = 19;

  /** Returns this process; empty where the system does not tell. */
  public static Optional<ProcessMark> own() {
    long pid = ProcessHandle.current().pid();
    return machineHere()
        .flatMap(machine -> began(pid).map(began -> new ProcessMark(machine, pid, began)));
  }

  /**
   * Returns whether it is certain that this process has ended: it ran on this machine, where we see
   * all processes, and there is none such.
   */
  public boolean isGone() {
    return isOfHere()
        && Files.exists(PROCESSES.resolve("1/stat"))
        && !began(pid).equals(Optional.of(began));
  }

  /** Returns whether it is certain that this process runs. */
  public boolean isAlive() {
    return isOfHere() && began(pid).equals(Optional.of(began));
  }

  private boolean isOfHere() {
    return machineHere().equals(Optional.of(machine));
  }

  private static Optional<String> machineHere() {
    try {
      String boot = Files.readString(PROCESSES.resolve("sys/kernel/random/boot_id"), UTF_8).strip();
      String space = Files.readSymbolicLink(PROCESSES.resolve("self/ns/pid")).toString();
      return Optional.of(boot + "/" + space);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** A zombie has ended; only whoever started it has not noticed. */
  private static Optional<String> began(long pid) {
    try {
      String state = Files.readString(PROCESSES.resolve(pid + "/stat"), UTF_8);
      String[] fields = state.substring(state.lastIndexOf(')') + 2).split(" ", -1);
      return fields[0].equals("Z") ? Optional.empty() : Optional.of(fields[BEGAN]);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
