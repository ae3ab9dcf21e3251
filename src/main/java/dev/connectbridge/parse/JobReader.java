package dev.connectbridge.parse;

import dev.connectbridge.spec.JobSpec;
import java.util.Optional;

/** Makes a job of its section. */
final class JobReader {
  private JobReader() {}

  static JobSpec read(Section job, Report report) {
    String id = job.text("id", job.label());
    return new JobSpec(
        id,
        job.text("name", id),
        job.text("region", "global"),
        job.text("namespace", "default"),
        job.texts("datacenters"),
        job.textMap("meta"),
        job.blocks("group").stream().map(group -> GroupReader.read(group, report)).toList(),
        Optional.empty(),
        job.origin());
  }
}
