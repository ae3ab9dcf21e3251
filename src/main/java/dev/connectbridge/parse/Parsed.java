package dev.connectbridge.parse;

import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.JobSpec.Glimpse;
import dev.connectbridge.spec.Problem;
import java.util.List;

/**
 * What a text was read as: jobs or problems; neither only where it is an empty list of allocations.
 *
 * @param jobs the jobs, in the order written; none when there is any problem
 * @param problems why the text cannot be used
 * @param warnings what was accepted, but is worth saying
 * @param glimpse where there is a problem, what can be seen of the jobs nevertheless
 */
public record Parsed(
    List<JobSpec> jobs, List<Problem> problems, List<Problem> warnings, Glimpse glimpse) {
  public Parsed {
    jobs = List.copyOf(jobs);
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }

  /** Returns what came of reading some jobs, which are whole where there is no problem. */
  static Parsed of(Glimpse read, Report report) {
    List<Problem> problems = report.problems();
    return problems.isEmpty()
        ? new Parsed(read.without(), problems, report.warnings(), Glimpse.NONE)
        : new Parsed(List.of(), problems, report.warnings(), read);
  }
}
