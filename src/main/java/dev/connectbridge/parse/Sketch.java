package dev.connectbridge.parse;

import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.JobSpec.Glimpse;
import dev.connectbridge.spec.Problem;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A job that is checked against its shape and not yet read.
 *
 * @param job its section
 * @param placed adds what the allocation around it says
 */
record Sketch(Section job, UnaryOperator<JobSpec> placed) {

  /** Creates one that stands in no allocation. */
  Sketch(Section job) {
    this(job, UnaryOperator.identity());
  }

  /**
   * Returns the jobs of sketches. Where something is unknown they are read with it and without: a
   * problem that is not found both times is there because of the unknown, so it is none.
   */
  static Glimpse read(List<Sketch> sketches, Report report) {
    if (report.knowsAll()) {
      List<JobSpec> jobs = sketches.stream().map(each -> each.drawn(each.job(), report)).toList();
      return report.glimpse(jobs, jobs);
    }
    Report without = new Report();
    List<JobSpec> jobs =
        sketches.stream().map(each -> each.drawn(each.job().without(), without)).toList();
    without.warnings().forEach(report::warning);
    Report supposing = new Report();
    List<JobSpec> supposed =
        sketches.stream().map(each -> each.drawn(each.job().supposing(), supposing)).toList();
    List<Problem> always = supposing.problems();
    without.problems().stream().filter(always::contains).forEach(report::problem);
    return report.glimpse(jobs, supposed);
  }

  private JobSpec drawn(Section section, Report report) {
    return placed.apply(JobReader.read(section, report));
  }
}
