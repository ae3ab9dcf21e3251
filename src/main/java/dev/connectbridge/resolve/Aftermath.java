package dev.connectbridge.resolve;

import dev.connectbridge.spec.Problem;
import java.util.List;

/** What the problems of reading a job may bring about later, so that nobody is told twice. */
final class Aftermath {
  private static final String SERVICE = ".service[";

  private final List<String> paths;

  Aftermath(List<Problem> problems) {
    paths = problems.stream().map(Problem::path).toList();
  }

  /**
   * Returns whether a later problem may be there only because of an earlier one: of the same block,
   * or of one around or inside of it. What is wrong outside of all services may mean anything.
   */
  boolean mayExplain(Problem later) {
    int end = later.path().lastIndexOf('.');
    String block = end < 0 ? later.path() : later.path().substring(0, end);
    return paths.stream()
        .anyMatch(
            path ->
                !path.contains(SERVICE) || path.startsWith(block) || later.path().startsWith(path));
  }
}
