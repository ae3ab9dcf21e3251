package dev.connectbridge.cli;

import dev.connectbridge.spec.Problem;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * What a command is given from outside.
 *
 * @param out where the result goes, and nothing else
 * @param err where complaints go
 * @param environment the environment's variables
 * @param stops tells when the command is to stop
 */
record Terminal(PrintStream out, PrintStream err, Map<String, String> environment, Stops stops) {
  Terminal {
    environment = Map.copyOf(environment);
  }

  /** Tells when a command that goes on by itself is to stop. */
  @FunctionalInterface
  interface Stops {
    /** Calls {@code stop} at the first wish to stop, on a thread that must not be kept. */
    void onFirst(Runnable stop);
  }

  /** Prints a part of the result. */
  void print(String text) {
    out.print(text);
    out.flush();
  }

  /** Prints one complaint about everything. */
  void complain(String message) {
    err.println("connect-bridge: " + message);
  }

  /** Prints what is wrong with files, one line each. */
  void complain(List<Problem> problems, List<Problem> warnings) {
    problems.forEach(problem -> err.println(Lines.error(problem)));
    warnings.forEach(warning -> err.println(Lines.warning(warning)));
  }
}
