package dev.connectbridge.parse;

import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Problem;
import java.util.List;

/**
 * What a text was read as: jobs or problems; neither only where it is an empty list of allocations.
 *
 * @param jobs the jobs, in the order written; none when there is any problem
 * @param problems why the text cannot be used
 * @param warnings what was accepted, but is worth saying
 * @param partial where there is a problem, the jobs as far as they could be read: good for finding
 *     more problems, and for nothing else
 */
public record Parsed(
    List<JobSpec> jobs, List<Problem> problems, List<Problem> warnings, List<JobSpec> partial) {
  public Parsed {
    jobs = List.copyOf(jobs);
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
    partial = List.copyOf(partial);
  }

  /** Returns what came of reading some jobs, which are whole where there is no problem. */
  static Parsed of(List<JobSpec> read, List<Problem> problems, List<Problem> warnings) {
    return problems.isEmpty()
        ? new Parsed(read, problems, warnings, List.of())
        : new Parsed(List.of(), problems, warnings, read);
  }

  /** Returns the jobs, whole or not. */
  public List<JobSpec> read() {
    return problems.isEmpty() ? jobs : partial;
  }
}
