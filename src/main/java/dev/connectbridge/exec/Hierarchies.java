package dev.connectbridge.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Where the kernel's control groups are mounted; both versions may be, each with controllers that
 * the other has not.
 *
 * @param own the hierarchies of version 1, by controller
 * @param unified the hierarchy of version 2
 */
record Hierarchies(SortedMap<String, Path> own, Optional<Path> unified) {
  private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

  Hierarchies {
    own = Collections.unmodifiableSortedMap(new TreeMap<>(own));
  }

  /** Reads what the kernel says of this process's mounts. */
  static Hierarchies ofThisMachine() {
    try {
      return of(Files.readString(Path.of("/proc/self/mounts")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the form of {@code /proc/mounts}; of two mounts of the same thing the first counts. */
  static Hierarchies of(String mounts) {
    SortedMap<String, Path> own = new TreeMap<>();
    Optional<Path> unified = Optional.empty();
    for (String line : mounts.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length < 4) {
        continue;
      }
      Path at = Path.of(unescaped(words[1]));
      if (words[2].equals("cgroup")) {
        Arrays.stream(words[3].split(",", -1)).forEach(option -> own.putIfAbsent(option, at));
      } else if (words[2].equals("cgroup2") && unified.isEmpty()) {
        unified = Optional.of(at);
      }
    }
    own.keySet().retainAll(ControlGroups.CONTROLLERS);
    return new Hierarchies(own, unified);
  }

  private static String unescaped(String path) {
    return ESCAPED
        .matcher(path)
        .replaceAll(code -> String.valueOf((char) Integer.parseInt(code.group(1), 8)));
  }
}
