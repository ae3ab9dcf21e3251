package dev.connectbridge.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a directory of specs holds, at any depth, in the order of the names. */
final class SpecTree {
  private static final Set<String> ENDINGS = Set.of("hcl", "nomad", "json", "yaml", "yml");
  private static final int DEEPEST = 32;
  private static final int MOST_FILES = 20_000;

  private final int most;
  private final List<Path> files = new ArrayList<>();
  private final List<Path> directories = new ArrayList<>();
  private final SortedMap<Path, String> unreadable = new TreeMap<>();
  private final SortedMap<Path, String> loops = new TreeMap<>();

  private SpecTree(int most) {
    this.most = most;
  }

  static SpecTree of(Path directory) {
    return of(directory, MOST_FILES);
  }

  static SpecTree of(Path directory, int most) {
    SpecTree tree = new SpecTree(most);
    tree.walk(directory, new HashSet<>(), 0);
    return tree;
  }

  List<Path> files() {
    return files;
  }

  List<Path> directories() {
    return directories;
  }

  /** Returns the directories that could not be listed: what they hold is unknown. */
  SortedMap<Path, String> unreadable() {
    return unreadable;
  }

  /** Returns the links that lead back to a directory above them. */
  SortedMap<Path, String> loops() {
    return loops;
  }

  private void walk(Path directory, Set<Path> above, int depth) {
    Path real;
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(directory)) {
      real = directory.toRealPath();
      listing.forEach(entries::add);
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      unreadable.put(directory, "the directory cannot be listed: " + e.getMessage());
      return;
    }
    if (above.contains(real)) {
      loops.put(directory, "a link that leads back to " + real);
      return;
    }
    if (depth > DEEPEST) {
      unreadable.put(directory, "deeper than %d directories is not looked".formatted(DEEPEST));
      return;
    }
    directories.add(directory);
    entries.sort(null);
    Set<Path> path = new HashSet<>(above);
    path.add(real);
    for (Path entry : entries) {
      String name = entry.getFileName().toString();
      if (name.startsWith(".")) {
        continue;
      }
      if (Files.isDirectory(entry)) {
        walk(entry, path, depth + 1);
      } else if (isSpec(name) && files.size() == most) {
        unreadable.put(directory, "more than %d files of specs are not read".formatted(most));
        return;
      } else if (isSpec(name)) {
        files.add(entry);
      }
    }
  }

  private static boolean isSpec(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }
}
