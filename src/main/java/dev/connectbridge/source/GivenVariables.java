package dev.connectbridge.source;

import dev.connectbridge.parse.Assignments;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.spec.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The values for variables that one reading of specs uses. A file of values that cannot be read is
 * a problem of every spec that has variables: with its defaults it would be another spec.
 */
final class GivenVariables {
  private static final String SOURCE = "variables";

  private final List<Path> files;
  private final List<String> options;
  private final Set<String> declared = new TreeSet<>();
  private Assignments all = Assignments.NONE;

  GivenVariables(List<Path> files, List<String> options) {
    this.files = List.copyOf(files);
    this.options = List.copyOf(options);
  }

  /** Reads the files anew, and has them watched. */
  void read(DirectoryWatch watch) {
    declared.clear();
    all = Assignments.NONE;
    for (Path file : files) {
      if (Files.exists(file)) {
        watch.add(List.of(file.toAbsolutePath().getParent()));
      } else {
        watch.addNearest(file);
      }
      all = all.and(read(file));
    }
    for (String option : options) {
      all = all.and(Assignments.option(option));
    }
  }

  private static Assignments read(Path file) {
    TextFile read = TextFile.read(file);
    return read.problem()
        .map(Assignments.NONE::with)
        .orElseGet(() -> Assignments.file(file.toString(), read.text()));
  }

  /** Returns what is given for the variables of one spec. */
  Assignments of(String file, String text) {
    Set<String> names = Assignments.declaredIn(file, text);
    declared.addAll(names);
    return names.isEmpty() ? Assignments.NONE : all.only(names);
  }

  /** Returns what is wrong with the values themselves, as a file that holds no job. */
  List<Snapshot.File> problems() {
    List<Problem> problems = new ArrayList<>(all.problems());
    problems.addAll(all.strangers(declared));
    return problems.isEmpty()
        ? List.of()
        : List.of(new Snapshot.File(SOURCE, List.of(), problems, List.of()));
  }
}
