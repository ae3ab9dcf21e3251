package dev.connectbridge.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a command prints, in a file that is whole at every moment and 0600. */
public final class PrivateOutput {
  private static final int MOST_COMPLAINT = 1000;
  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})(?::(\\d{1,9}))?");

  private final Path file;

  /** Names the file; nothing is made yet, and its directory must be there. */
  public PrivateOutput(Path file) {
    this.file = file;
  }

  /**
   * Runs a command and keeps what it prints when it succeeds; else the file stays as it was.
   *
   * @param command its name is looked for along our PATH
   * @param environment all that it is told besides PATH
   * @throws TaskException of the kind REFUSED when there is no such command; of the kind FAILED,
   *     with what it complained of, when it did not succeed in time
   */
  public void of(List<String> command, Map<String, String> environment, Duration limit)
      throws TaskException {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    Path printed = file.resolveSibling(file.getFileName() + ".new");
    Path complaint = file.resolveSibling(file.getFileName() + ".err");
    try {
      fresh(printed);
      fresh(complaint);
      ProcessBuilder builder = new ProcessBuilder(line(command, path));
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.environment().put("PATH", path);
      builder.redirectInput(new File("/dev/null"));
      builder.redirectOutput(printed.toFile()).redirectError(complaint.toFile());
      await(builder.start(), command.get(0), limit, complaint);
      Files.move(
          printed, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed(command.get(0) + ": " + e.getMessage(), e);
    } finally {
      remove(printed);
      remove(complaint);
    }
  }

  private static void fresh(Path part) throws IOException {
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static List<String> line(List<String> command, String path) throws TaskException {
    List<String> line = new ArrayList<>(command);
    String name = command.get(0);
    if (!name.contains("/")) {
      Optional<Path> found = Tool.find(name, path);
      if (found.isEmpty()) {
        throw new TaskException(
            Kind.REFUSED, "the %s command is needed, and not in PATH".formatted(name), null);
      }
      line.set(0, found.get().toString());
    }
    return line;
  }

  private static void await(Process process, String name, Duration limit, Path complaint)
      throws IOException, TaskException {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed("%s has not answered within %d s".formatted(name, limit.toSeconds()), null);
      }
      if (process.exitValue() != 0) {
        throw failed("%s: %s".formatted(name, said(complaint, process.exitValue())), null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("interrupted while " + name + " ran", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String said(Path complaint, int code) throws IOException {
    try (InputStream text = Files.newInputStream(complaint)) {
      String said = new String(text.readNBytes(MOST_COMPLAINT), UTF_8).strip();
      return said.isEmpty() ? "exit code " + code : said.replaceAll("\\s+", " ");
    }
  }

  private static TaskException failed(String why, Exception cause) {
    return new TaskException(Kind.FAILED, why, cause);
  }

  private static void remove(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // the next one replaces it
    }
  }

  /**
   * Gives the file and its directory to a user that is named by numbers, {@code 101} or {@code
   * 101:101}, as it may be in a container that knows other names than we do. Only root can; of
   * others, and of names, both stay ours.
   */
  public void giveTo(String user) throws IOException {
    Matcher numbers = NUMBERS.matcher(user);
    boolean root = Files.getAttribute(file, "unix:uid").equals(0);
    if (root && numbers.matches()) {
      for (Path path : List.of(file, file.toAbsolutePath().getParent())) {
        give(path, "unix:uid", numbers.group(1));
        if (numbers.group(2) != null) {
          give(path, "unix:gid", numbers.group(2));
        }
      }
    }
  }

  private static void give(Path path, String what, String number) throws IOException {
    Files.setAttribute(path, what, Integer.parseInt(number), LinkOption.NOFOLLOW_LINKS);
  }
}
