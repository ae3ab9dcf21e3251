package dev.connectbridge.parse;

import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Problem;
import java.util.List;

/**
 * What a text was read as: jobs or problems, never neither.
 *
 * @param jobs the jobs, in the order written; none when there is any problem
 * @param problems why the text cannot be used
 * @param warnings what was accepted, but is worth saying
 */
public record Parsed(List<JobSpec> jobs, List<Problem> problems, List<Problem> warnings) {
  public Parsed {
    jobs = problems.isEmpty() ? List.copyOf(jobs) : List.of();
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }
}
