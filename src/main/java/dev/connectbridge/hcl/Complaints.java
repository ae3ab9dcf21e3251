package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Gathers what is wrong with one file, and says when it is enough. */
final class Complaints {
  private static final int MOST = 20;

  private final String file;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final Deque<String> path = new ArrayDeque<>();
  private boolean stopped;

  Complaints(String file) {
    this.file = file;
  }

  void problem(Place place, String message) {
    if (stopped) {
      return;
    }
    problems.add(new Problem(file, path(), place, message));
    if (problems.size() == MOST) {
      problems.add(new Problem(file, path(), place, "too many problems: the rest is not read"));
      stopped = true;
    }
  }

  void problem(Fault fault) {
    problem(fault.place(), fault.message());
    stopped |= fault.isLast();
  }

  void warning(Place place, String message) {
    if (warnings.size() < MOST) {
      warnings.add(new Problem(file, path(), place, message));
    }
  }

  /** Returns whether the rest of the file is not to be read. */
  boolean stopped() {
    return stopped;
  }

  /** Goes into a block: what is found from now on lies there. */
  void enter(String step) {
    path.addLast(step);
  }

  void leave() {
    path.removeLast();
  }

  HclDocument document(HclBody body) {
    return new HclDocument(
        body, problems.stream().sorted().toList(), warnings.stream().sorted().toList());
  }

  private String path() {
    return String.join(".", path);
  }
}
