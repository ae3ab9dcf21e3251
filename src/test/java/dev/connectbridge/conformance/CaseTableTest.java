package dev.connectbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.admit.Admission;
import dev.connectbridge.admit.AdmissionOptions;
import dev.connectbridge.consul.AgentRequests;
import dev.connectbridge.parse.Parsed;
import dev.connectbridge.parse.SpecParser;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Resolver;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.JobSpec.AllocatedPort;
import dev.connectbridge.spec.JobSpec.Allocation;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our own case table: every field of a spec, and what it becomes or why it is refused. */
class CaseTableTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicInteger ASKED = new AtomicInteger();
  private static final AtomicInteger EQUAL = new AtomicInteger();

  static List<Case> cases() throws IOException {
    List<Case> cases = Case.all();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(60);
    assertThat(cases).extracting(Case::name).doesNotHaveDuplicates();
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theFragmentBecomesWhatTheTableSays(Case row) throws IOException {
    ASKED.incrementAndGet();
    assertThat(row.expected()).isNotEmpty();

    Desired desired = resolved(row);

    String got = "\n" + told(row, "!!", desired.problems()) + told(row, "??", desired.warnings());
    assertThat(told(row, "!!", desired.problems()))
        .as("problems" + got)
        .isEqualTo(row.expected().stream().filter(line -> line.startsWith("!!")).toList());
    assertThat(told(row, "??", desired.warnings()))
        .as("warnings" + got)
        .isEqualTo(row.expected().stream().filter(line -> line.startsWith("??")).toList());
    for (String line : row.expected()) {
      if (line.startsWith("->")) {
        checkSent(line, desired);
      }
    }
    EQUAL.incrementAndGet();
  }

  @AfterAll
  static void sum() {
    System.out.printf("case table: %d of %d%n", EQUAL.get(), ASKED.get());
  }

  private static void checkSent(String line, Desired desired) throws IOException {
    String[] words = line.substring(3).split(" ", 2);
    List<Workload> workloads = desired.workloads();
    assertThat(workloads).as("what is registered").hasSize(1);
    JsonNode sent =
        words[0].startsWith("ENTRY")
            ? entry(desired, words[0])
            : sent(workloads.get(0), words[0], desired.ports().values());
    if (words[1].equals("absent")) {
      assertThat(sent.isMissingNode()).as(line + ", got " + sent).isTrue();
    } else {
      assertThat(sent).as(line).isEqualTo(Unit.pruned(JSON.readTree(words[1])));
    }
  }

  private static JsonNode entry(Desired desired, String path) {
    assertThat(desired.entries()).as("configuration entries").hasSize(1);
    JsonNode body = AgentRequests.configEntry(desired.entries().get(0)).body();
    JsonNode at = body.at(path.replaceFirst("^ENTRY", ""));
    return at.isMissingNode() ? at : Unit.pruned(at);
  }

  /**
   * The first word of a path may stand for a part of the body, as in the field tables. The dynamic
   * ports count from 20000, in the order of their labels.
   */
  private static JsonNode sent(Workload workload, String path, Collection<Integer> dynamic)
      throws JsonProcessingException {
    JsonNode body = AgentRequests.register(workload.registration()).body();
    if (path.startsWith("TASK")) {
      body = TaskJson.of(workload.task().orElseThrow());
    }
    String full =
        path.replaceFirst("^TASK", "")
            .replaceFirst("^UP", "PX/Upstreams")
            .replaceFirst("^PX", "SC/Proxy")
            .replaceFirst("^SC", "/Connect/SidecarService");
    String text = body.toString().replace(workload.registration().id().value(), "$ID");
    int number = 20000;
    for (Integer port : dynamic) {
      text = text.replaceAll("\\b" + port + "\\b", Integer.toString(number++));
    }
    JsonNode at = JSON.readTree(text).at(full);
    return at.isMissingNode() ? at : Unit.pruned(at);
  }

  private static List<String> told(Case row, String mark, List<Problem> problems) {
    return problems.stream()
        .map(
            problem ->
                "%s %d:%d %s"
                    .formatted(
                        mark,
                        problem.place().line() - row.linesBefore(),
                        problem.place().column(),
                        problem.message()))
        .toList();
  }

  private static Desired resolved(Case row) {
    Parsed parsed = SpecParser.parse("case.nomad.hcl", row.spec());
    List<JobSpec> jobs =
        switch (row.setting()) {
          case "", "node fd00::7" -> parsed.jobs();
          case "canary" -> parsed.jobs().stream().map(job -> allocated(job, "", true)).toList();
          default ->
              parsed.jobs().stream().map(job -> allocated(job, row.setting(), false)).toList();
        };
    Snapshot snapshot =
        new Snapshot(
            List.of(new Snapshot.File("case", jobs, parsed.problems(), parsed.warnings())),
            true,
            List.of());
    return Resolver.resolve(snapshot, Situation.of("default", node(row.setting())));
  }

  private static Node node(String setting) {
    Node known = Specs.NODE;
    return new Node(
        known.id(),
        known.name(),
        known.datacenter(),
        setting.startsWith("node ") ? setting.substring(5) : known.address(),
        known.hostNetworks(),
        known.attributes(),
        known.meta());
  }

  /** Returns the job as Nomad's server leaves it, with one allocation of its only group. */
  private static JobSpec allocated(JobSpec job, String groupAddress, boolean canary) {
    JobSpec admitted = Admission.admit(job, Specs.NODE.values(), AdmissionOptions.STANDARD).job();
    GroupSpec group = admitted.groups().get(0);
    List<AllocatedPort> ports = new ArrayList<>();
    for (GroupSpec.Port port : group.networks().get(0).ports()) {
      int value = port.fixed().orElse(23000 + ports.size());
      int to = port.to().orElse(0);
      ports.add(new AllocatedPort(port.label(), value, to == -1 ? value : to, "10.0.0.1"));
    }
    Allocation allocation =
        new Allocation(
            "11111111-2222-3333-4444-555555555555",
            "shop.api[0]",
            0,
            "",
            "",
            "10.0.0.1",
            groupAddress,
            ports,
            canary,
            false);
    return new JobSpec(
        admitted.id(),
        admitted.name(),
        admitted.region(),
        admitted.namespace(),
        admitted.datacenters(),
        admitted.meta(),
        admitted.groups(),
        Optional.of(allocation),
        admitted.origin());
  }
}
