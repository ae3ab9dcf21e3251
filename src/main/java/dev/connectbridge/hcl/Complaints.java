package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Gathers what is wrong with one file, and says when it is no file of ours at all. */
final class Complaints {
  private static final int MOST = 1000;

  private final String file;
  private final Set<Problem> problems = new LinkedHashSet<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final Deque<String> path = new ArrayDeque<>();
  private boolean stopped;
  private int faults;

  Complaints(String file) {
    this.file = file;
  }

  void problem(Place place, String message) {
    problem(new Problem(file, path(), place, message));
  }

  /** Notes a problem that may lie in another file; what is repeated is noted once. */
  void problem(Problem problem) {
    if (stopped || !problems.add(problem)) {
      return;
    }
    if (problems.size() == MOST) {
      String message = "too many problems: the rest is not read";
      problems.add(new Problem(file, problem.path(), problem.place(), message));
      stopped = true;
    }
  }

  void problem(Fault fault) {
    if (!fault.isTold()) {
      problem(fault.place(), fault.message());
    }
    faults++;
    stopped |= fault.isLast();
  }

  /** Notes what is wrong with the value of a name; an empty one stands for the block itself. */
  void problem(String name, Fault fault) {
    enter(name);
    problem(fault);
    leave();
  }

  /** Returns whether anything failed, be it told or not. */
  boolean any() {
    return faults > 0 || !problems.isEmpty();
  }

  /** What was found up to some moment. */
  record Mark(int problems, int faults) {}

  Mark mark() {
    return new Mark(problems.size(), faults);
  }

  /** Returns whether something failed since then, be it told or not. */
  boolean anySince(Mark mark) {
    return faults > mark.faults();
  }

  /** Returns whether something was told since then. */
  boolean toldSince(Mark mark) {
    return problems.size() > mark.problems();
  }

  List<Problem> since(Mark mark) {
    return problems.stream().skip(mark.problems()).toList();
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

  HclDocument document(HclBody body, boolean complete) {
    return new HclDocument(
        body,
        complete && !stopped,
        problems.stream().sorted().toList(),
        warnings.stream().sorted().toList());
  }

  private String path() {
    return path.stream().filter(step -> !step.isEmpty()).collect(Collectors.joining("."));
  }
}
