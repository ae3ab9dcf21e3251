package dev.connectbridge.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The small programs of the system that do what Java cannot. */
final class Tool {
  /** Where they are looked for: never where a task's PATH leads to. */
  private static final String SYSTEM_PATH = "/usr/bin:/bin:/usr/sbin:/sbin";

  private static final int PATIENCE_SECONDS = 10;

  private Tool() {}

  /**
   * What a tool answered.
   *
   * @param code its exit code
   * @param output what it wrote to standard output
   */
  record Answer(int code, String output) {}

  /** Returns where a tool is, if this system has it. */
  static Optional<String> path(String name) {
    return find(name, SYSTEM_PATH).map(Path::toString);
  }

  /** Returns the first file of a name that can be run, along a PATH. */
  static Optional<Path> find(String name, String path) {
    for (String directory : path.split(":", -1)) {
      Path file = Path.of(directory.isEmpty() ? "." : directory, name);
      if (Files.isRegularFile(file) && Files.isExecutable(file)) {
        return Optional.of(file.toAbsolutePath());
      }
    }
    return Optional.empty();
  }

  /** Returns whether a tool does as it is told. */
  static boolean succeeds(List<String> command) {
    try {
      return ask(command).code() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs a tool that answers in a few bytes, with an empty environment. */
  static Answer ask(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.redirectInput(new File("/dev/null"));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(command.get(0) + " does not answer");
      }
      byte[] output = process.getInputStream().readAllBytes();
      return new Answer(process.exitValue(), new String(output, UTF_8).strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.get(0) + " ran", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
