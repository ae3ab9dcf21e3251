package dev.connectbridge.parse;

import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.parse.Body.Child;
import dev.connectbridge.parse.Body.Level;
import dev.connectbridge.parse.Homes.Home;
import dev.connectbridge.parse.Shape.Unknown;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The top of a file with HCL's keys: one job, and nothing beside it. */
final class FileReader {
  private static final Set<String> VARIABLES = Set.of("variable", "variables", "locals");

  private final Origin origin;
  private final Notation notation;
  private final Report report;

  FileReader(String file, Notation notation, Report report) {
    origin = Origin.of(file);
    this.notation = notation;
    this.report = report;
  }

  List<Sketch> jobs(Body body) {
    Map<String, Place> strangers = strangers(body.level(JobShapes.FILE, ""));
    List<Key> keys = new ArrayList<>(JobShapes.FILE.keys());
    strangers.forEach(
        (name, place) -> {
          report.problem(new Origin(origin.file(), "", place, Map.of()).problem(stranger(name)));
          Homes.of(name).map(Home::key).ifPresent(keys::add);
        });
    Shape shape = Shape.of("a file", keys.toArray(Key[]::new)).unknown(Unknown.IGNORED);
    Section file = new Decoder(origin.file(), notation, report).section(shape, origin, "", body);
    List<Section> jobs = file.blocks("job");
    for (Section again : jobs.subList(Math.min(1, jobs.size()), jobs.size())) {
      String message = "one file holds one job" + Duplicates.firstAt(jobs.get(0).origin().place());
      report.problem(again.origin().problem(message));
    }
    return jobs.stream().map(Sketch::new).toList();
  }

  private static Map<String, Place> strangers(Level level) {
    Map<String, Place> strangers = new LinkedHashMap<>();
    for (List<Attribute> written : level.attributes()) {
      written.stream()
          .filter(each -> !(each.value() instanceof Node.Lost))
          .findFirst()
          .ifPresent(each -> strangers.put(each.name(), each.place()));
    }
    for (List<Child> written : level.blocks()) {
      strangers.putIfAbsent(written.get(0).type(), written.get(0).place());
    }
    strangers.remove("job");
    return strangers;
  }

  private static String stranger(String name) {
    if (VARIABLES.contains(name)) {
      return "only HCL has " + name + ": in JSON and YAML every value is written out";
    }
    String found = "expected a job block; found " + Spelling.quoted(name);
    return Homes.of(name)
        .map(home -> "expected a job block; found " + name + ", which belongs in " + home)
        .orElseGet(() -> found + Spelling.didYouMean(name, List.of("job")));
  }
}
