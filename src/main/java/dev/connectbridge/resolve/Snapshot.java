package dev.connectbridge.resolve;

import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.JobSpec.Glimpse;
import dev.connectbridge.spec.Problem;
import java.util.List;

/**
 * Everything that a source holds, read at one moment.
 *
 * @param files what was read, each file under its own name
 * @param complete whether that is all there is; where it is not, what is missing is unknown, not
 *     unwanted
 * @param problems why it is not complete
 */
public record Snapshot(List<File> files, boolean complete, List<Problem> problems) {
  public Snapshot {
    files = List.copyOf(files);
    problems = List.copyOf(problems);
  }

  /**
   * A file, or whatever else jobs come from.
   *
   * @param source its name relative to the directory given: the mark that its entries carry
   * @param jobs the jobs and allocations in it; none where there are problems
   * @param problems why it cannot be used as it stands
   * @param warnings what its author may not have meant
   * @param glimpse where there are problems, what can be seen of its jobs nevertheless
   */
  public record File(
      String source,
      List<JobSpec> jobs,
      List<Problem> problems,
      List<Problem> warnings,
      Glimpse glimpse) {
    public File {
      jobs = List.copyOf(jobs);
      problems = List.copyOf(problems);
      warnings = List.copyOf(warnings);
    }

    /** Creates one of which nothing can be seen where there are problems. */
    public File(String source, List<JobSpec> jobs, List<Problem> problems, List<Problem> warnings) {
      this(source, jobs, problems, warnings, Glimpse.NONE);
    }
  }
}
