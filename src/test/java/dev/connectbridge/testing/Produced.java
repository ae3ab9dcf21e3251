package dev.connectbridge.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the daemons and commands of the tests have logged, kept, answered and printed. A copy of it
 * outlives their directories, below that of their class, for the last check of the build.
 */
public final class Produced {
  /** Where all of it is. */
  public static final Path ALL = Path.of("target", "produced");

  /** What the directory of a daemon is called. */
  public static final Pattern DAEMON = Pattern.compile("daemon-\\d+");

  /** Tasks and applications are told secrets there; and what a task prints is its own affair. */
  private static final Set<String> NOT_THE_BRIDGES = Set.of("alloc", "groups", "logs");

  private static final Pattern PRINTED = Pattern.compile("out|err\\d*");
  private static final Pattern TEST = Pattern.compile("(dev\\.connectbridge\\..*(?:IT|Test))\\b.*");
  private static final Map<Path, Integer> daemons = new HashMap<>();

  private Produced() {}

  /** Keeps what a daemon printed and wrote: {@code out}, {@code err…} and {@code data} below it. */
  public static synchronized void byDaemon(Path home, String answered) {
    Path to = directory();
    int number = daemons.merge(to, 1, Integer::sum);
    Path daemon = to.resolve("daemon-" + number);
    for (Path file : below(home)) {
      Path name = home.relativize(file);
      boolean data = name.startsWith("data") && name.getNameCount() > 1;
      boolean kept =
          data
              ? !NOT_THE_BRIDGES.contains(name.getName(1).toString())
              : PRINTED.matcher(name.toString()).matches();
      if (kept) {
        copy(file, daemon.resolve(name));
      }
    }
    append(daemon.resolve("answered"), answered);
  }

  /** Keeps what a command printed. */
  public static synchronized void byCommand(String printed) {
    append(directory().resolve("printed"), printed);
  }

  /** Keeps a file that a command was told to write, if it did. */
  public static synchronized void byCommand(Path file) {
    if (Files.isRegularFile(file)) {
      try {
        append(directory().resolve("written"), Files.readString(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Returns that of the class that asks; what an earlier build left there is gone. */
  private static Path directory() {
    Path directory = ALL.resolve(test());
    if (daemons.putIfAbsent(directory, 0) == null) {
      delete(directory);
    }
    return directory;
  }

  private static String test() {
    return StackWalker.getInstance()
        .<String>walk(
            frames ->
                frames
                    .map(frame -> TEST.matcher(frame.getClassName()))
                    .filter(Matcher::matches)
                    .map(name -> name.group(1))
                    .reduce("nobody", (inner, outer) -> outer));
  }

  private static List<Path> below(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path file, Path to) {
    try {
      Files.createDirectories(to.getParent());
      Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      return; // it was there a moment ago
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void append(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(
          file, text + "\n", UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
