package dev.connectbridge.parse;

import dev.connectbridge.hcl.Node;
import dev.connectbridge.spec.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The HTTP API's JSON: a job, with or without the object around it, or allocations. */
final class ApiReader {
  private static final String JOB = "Job";

  private final Source source;
  private final Report report;

  ApiReader(Source source, Report report) {
    this.source = source;
    this.report = report;
  }

  /** Returns whether an object has the API's keys, which begin with capital letters. */
  static boolean isApi(Node.Entries entries) {
    return !entries.members().isEmpty()
        && entries.members().keySet().stream()
            .allMatch(key -> !key.isEmpty() && Character.isUpperCase(key.charAt(0)));
  }

  List<Sketch> jobs(Node.Entries root) {
    if (isAllocation(root)) {
      return AllocationReader.read(source, root, report).stream().toList();
    }
    Node.Member wrapped = root.members().get(JOB);
    if (wrapped != null && !(wrapped.node() instanceof Node.Entries)) {
      report.problem(
          source.problem(
              wrapped.node().place(),
              "expected a job in Job, found " + Scalars.describe(wrapped.node())));
      return List.of();
    }
    Node.Entries job = wrapped == null ? root : (Node.Entries) wrapped.node();
    if (!job.members().containsKey("TaskGroups") && !job.members().containsKey("ID")) {
      report.problem(source.problem(job.place(), stranger(job)));
      return List.of();
    }
    return List.of(new Sketch(job(source.file(), Notation.API, job, report)));
  }

  List<Sketch> allocations(Node.Items items) {
    List<Sketch> jobs = new ArrayList<>();
    for (Node item : items.items()) {
      if (item instanceof Node.Entries entries && isAllocation(entries)) {
        AllocationReader.read(source, entries, report).ifPresent(jobs::add);
      } else {
        report.problem(
            source.problem(
                item.place(),
                "expected an allocation as Nomad's API returns it, found "
                    + Scalars.describe(item)));
      }
    }
    return jobs;
  }

  /** Returns the job of the API's JSON as a section. */
  static Section job(String file, Notation notation, Node.Entries job, Report report) {
    String id =
        Optional.ofNullable(job.members().get("ID"))
            .flatMap(member -> Scalars.text(member.node()))
            .orElse("");
    Origin at = new Origin(file, id.isEmpty() ? "job" : "job." + id, job.place(), Map.of());
    if (id.isEmpty()) {
      report.problem(at.problem("ID is required"));
    }
    Body body = new TreeLevels(file, notation, report, job);
    return new Decoder(file, notation, report).section(JobShapes.JOB, at, id, body);
  }

  private static boolean isAllocation(Node.Entries entries) {
    return entries.members().containsKey("TaskGroup")
        && (entries.members().containsKey(JOB) || entries.members().containsKey("ClientStatus"));
  }

  private static String stranger(Node.Entries root) {
    return root.members().keySet().stream()
        .flatMap(field -> Homes.ofField(field).stream().map(home -> found(field, home)))
        .findFirst()
        .orElse("expected a job, an allocation or a list of allocations; found none of them");
  }

  private static String found(String field, Homes.Home home) {
    return "expected a job; found " + field + ", which belongs in " + home;
  }
}
