package dev.connectbridge.cli;

import dev.connectbridge.spec.Problem;
import java.util.List;

/** A command cannot do its work; what is wrong is said on stderr, and the exit code is 1. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  Refusal(String message) {
    super(message);
    this.problems = List.of();
  }

  Refusal(String message, List<Problem> problems) {
    super(message);
    this.problems = List.copyOf(problems);
  }

  void tell(Terminal terminal) {
    terminal.complain(problems, List.of());
    terminal.complain(getMessage());
  }
}
