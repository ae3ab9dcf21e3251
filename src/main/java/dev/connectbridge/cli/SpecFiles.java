package dev.connectbridge.cli;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.source.SpecPaths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that the paths of a command line stand for. */
final class SpecFiles {
  private SpecFiles() {}

  /**
   * A file and the name that the user knows it by.
   *
   * @param name the path given, and what follows it
   * @param file what is in it
   */
  record Named(String name, Snapshot.File file) {}

  /** Returns all files; a path that leads nowhere is one with a problem. */
  static List<Named> read(ConfigOptions options, List<Path> paths) {
    List<Named> files = new ArrayList<>();
    for (Path path : paths) {
      Snapshot snapshot = read(options, path);
      for (Snapshot.File file : snapshot.files()) {
        Path named = Files.isDirectory(path) ? path.resolve(file.source()) : path;
        files.add(new Named(named.toString(), file));
      }
      snapshot
          .problems()
          .forEach(
              problem ->
                  files.add(
                      new Named(
                          problem.file(),
                          new Snapshot.File(
                              problem.file(), List.of(), List.of(problem), List.of()))));
    }
    return files;
  }

  private static Snapshot read(ConfigOptions options, Path path) {
    try (SpecPaths source = options.source(List.of(path))) {
      return source.read();
    }
  }
}
