package dev.connectbridge.admit;

import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Problem;
import java.util.List;

/**
 * A job as a node gets to see it.
 *
 * @param job the job with its names, proxy tasks and ports filled in
 * @param problems why it may not run
 * @param warnings what its author may not have meant
 */
public record Admitted(JobSpec job, List<Problem> problems, List<Problem> warnings) {
  public Admitted {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }
}
