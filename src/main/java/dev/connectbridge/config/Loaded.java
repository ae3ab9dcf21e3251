package dev.connectbridge.config;

import dev.connectbridge.spec.Problem;
import java.util.List;

/**
 * What was understood of the operator's decisions.
 *
 * @param configuration the configuration; of use only where there is no problem
 * @param problems what must be put right
 * @param warnings what was accepted, but is worth saying
 */
public record Loaded(Configuration configuration, List<Problem> problems, List<Problem> warnings) {
  public Loaded {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }
}
