package dev.connectbridge.source;

import dev.connectbridge.parse.Assignments;
import dev.connectbridge.parse.Parsed;
import dev.connectbridge.parse.SpecParser;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Spec files and directories of them, with all below them. What begins with a dot, or does not end
 * in {@code .hcl}, {@code .nomad}, {@code .json}, {@code .yaml} or {@code .yml}, is passed over in
 * a directory; a file that is named itself is always read. Used by one thread at a time, but for
 * {@link #onChange} and {@link #close}.
 */
public final class SpecPaths implements Source {
  private final List<Path> paths;
  private final Optional<GivenVariables> given;
  private final DirectoryWatch watch = new DirectoryWatch();
  private Map<Path, Cached> cache = new HashMap<>();

  /** Reads these files and directories. */
  public SpecPaths(List<Path> paths) {
    this(paths, List.of(), List.of());
  }

  /**
   * Reads these files and directories, given values for the variables of what is HCL in them.
   *
   * @param paths the files and directories
   * @param variableFiles files of values; a later one wins over an earlier
   * @param options values written as {@code NAME=VALUE}; they win over all files
   */
  public SpecPaths(List<Path> paths, List<Path> variableFiles, List<String> options) {
    this.paths = List.copyOf(paths);
    boolean any = !variableFiles.isEmpty() || !options.isEmpty();
    given = any ? Optional.of(new GivenVariables(variableFiles, options)) : Optional.empty();
  }

  private record Cached(String text, Assignments assignments, Snapshot.File file) {}

  @Override
  public Snapshot read() {
    List<Problem> problems = new ArrayList<>();
    List<Snapshot.File> files = new ArrayList<>();
    Map<Path, Cached> fresh = new HashMap<>();
    Set<Path> once = new HashSet<>();
    given.ifPresent(variables -> variables.read(watch));
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        SpecTree tree = SpecTree.of(path);
        tree.unreadable().forEach((at, why) -> problems.add(problem(at, why)));
        tree.loops()
            .forEach((at, why) -> files.add(broken(path.relativize(at).toString(), at, why)));
        tree.files().stream()
            .filter(file -> once.add(real(file)))
            .forEach(file -> files.add(found(path.relativize(file).toString(), file, fresh)));
        watch.add(tree.directories());
        watch.addEntry(path);
      } else if (Files.exists(path)) {
        if (once.add(real(path))) {
          files.add(read(path.getFileName().toString(), path, fresh));
        }
        watch.add(List.of(path.toAbsolutePath().getParent()));
      } else {
        problems.add(problem(path, "there is no such file or directory"));
        watch.addNearest(path);
      }
    }
    cache = fresh;
    given.ifPresent(variables -> files.addAll(variables.problems()));
    return new Snapshot(files, problems.isEmpty(), problems);
  }

  /** A file that is named twice, or below a directory that is named as well, is read once. */
  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file;
    }
  }

  @Override
  public void onChange(Runnable changed) {
    watch.onChange(changed);
  }

  @Override
  public void close() {
    watch.close();
  }

  /** Opening a pipe waits for whoever writes to it: that is for those who name one. */
  private Snapshot.File found(String source, Path file, Map<Path, Cached> fresh) {
    return Files.exists(file) && !Files.isRegularFile(file)
        ? broken(source, file, "no regular file")
        : read(source, file, fresh);
  }

  private Snapshot.File read(String source, Path file, Map<Path, Cached> fresh) {
    TextFile read = TextFile.read(file);
    return read.problem()
        .map(problem -> new Snapshot.File(source, List.of(), List.of(problem), List.of()))
        .orElseGet(() -> parsed(source, file, read.text(), fresh));
  }

  private Snapshot.File parsed(String source, Path file, String text, Map<Path, Cached> fresh) {
    Cached known = cache.get(file);
    Assignments assignments =
        given.map(variables -> variables.of(file.toString(), text)).orElse(Assignments.NONE);
    if (known == null || !known.text().equals(text) || !known.assignments().equals(assignments)) {
      Parsed parsed = SpecParser.parse(file.toString(), text, assignments);
      known =
          new Cached(
              text,
              assignments,
              new Snapshot.File(
                  source, parsed.jobs(), parsed.problems(), parsed.warnings(), parsed.glimpse()));
    }
    fresh.put(file, known);
    return known.file();
  }

  private static Snapshot.File broken(String source, Path file, String why) {
    return new Snapshot.File(source, List.of(), List.of(problem(file, why)), List.of());
  }

  private static Problem problem(Path file, String why) {
    return new Problem(file.toString(), "", new Place(1, 1), why);
  }
}
