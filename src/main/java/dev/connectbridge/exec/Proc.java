package dev.connectbridge.exec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kernel's table of processes, read anew each time. */
final class Proc {
  /** The file names and environments of this machine are in its own encoding. */
  private static final Charset NATIVE =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private static final int STATE = 0;
  private static final int GROUP = 2;
  private static final int SESSION = 3;
  private static final int START = 19;

  private final Path root;

  private final String boot;

  Proc(Path root) {
    this.root = root;
    String read = text("sys/kernel/random/boot_id", ISO_8859_1).strip();
    this.boot = read.isEmpty() ? "unknown" : read;
  }

  /**
   * A process at one moment. A number is given again once it is free, so only number and start
   * together say which process is meant.
   *
   * @param pid its number
   * @param group its process group
   * @param session its session
   * @param start when it was started, in the kernel's ticks since the machine was
   * @param dead whether it only waits for somebody to ask how it ended
   */
  record Entry(long pid, long group, long session, long start, boolean dead) {}

  /** Returns which start of this machine it is: numbers and ticks begin anew with each. */
  String boot() {
    return boot;
  }

  /** Returns a process, if there is one of that number. */
  Optional<Entry> entry(long pid) {
    try {
      String line = Files.readString(root.resolve(pid + "/stat"), ISO_8859_1);
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(
          new Entry(
              pid,
              Long.parseLong(fields[GROUP]),
              Long.parseLong(fields[SESSION]),
              Long.parseLong(fields[START]),
              "ZX".contains(fields[STATE])));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** Returns every process that has not ended. */
  List<Entry> living() throws IOException {
    List<Entry> living = new ArrayList<>();
    try (DirectoryStream<Path> numbers = Files.newDirectoryStream(root, "[1-9]*")) {
      for (Path number : numbers) {
        entry(Long.parseLong(number.getFileName().toString()))
            .filter(entry -> !entry.dead())
            .ifPresent(living::add);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return living;
  }

  /** Returns the environment that a process was started with; empty when it is not ours to read. */
  Map<String, String> environment(long pid) {
    Map<String, String> environment = new HashMap<>();
    for (String line : text(pid + "/environ", NATIVE).split("\0", -1)) {
      int sign = line.indexOf('=');
      if (sign > 0) {
        environment.put(line.substring(0, sign), line.substring(sign + 1));
      }
    }
    return environment;
  }

  /** Returns the signals that a process hears or ignores: bit 0 is signal 1. */
  long heard(long pid) {
    long heard = 0;
    for (String line : text(pid + "/status", ISO_8859_1).split("\n", -1)) {
      if (line.startsWith("SigCgt:") || line.startsWith("SigIgn:")) {
        heard |= Long.parseUnsignedLong(line.substring("SigCgt:".length()).strip(), 16);
      }
    }
    return heard;
  }

  /** Returns the number of the user that a process runs as. */
  Optional<String> user(long pid) {
    return text(pid + "/status", ISO_8859_1)
        .lines()
        .filter(line -> line.startsWith("Uid:"))
        .map(line -> line.split("\\s+", -1)[1])
        .findFirst();
  }

  private String text(String name, Charset charset) {
    try {
      return new String(Files.readAllBytes(root.resolve(name)), charset);
    } catch (IOException e) {
      return ""; // it has ended, or is another user's
    }
  }
}
