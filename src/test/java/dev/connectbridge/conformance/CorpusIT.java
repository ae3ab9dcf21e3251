package dev.connectbridge.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.ConsulAgent;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.parse.Parsed;
import dev.connectbridge.parse.SpecParser;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Resolver;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Surroundings;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RunsBeside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whether a real agent takes what comes of the corpus, and shows it as it was sent. */
@RunsBeside
class CorpusIT {
  private static final Path VALID = Path.of("src/test/resources/conformance/valid");
  private static RealConsul consul;

  @BeforeAll
  static void start() {
    consul = RealConsul.dev();
  }

  @AfterAll
  static void stop() {
    if (consul != null) {
      consul.close();
    }
  }

  @Test
  void everyAllocationReachesTheCatalogAndIsReadBackAsItWasSent()
      throws IOException, AgentException {
    List<String> refused = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    int registered = 0;
    try (ConsulAgent agent =
        ConsulAgent.at(new HttpTransport(HttpTransport.Options.open(consul.address())))) {
      for (Path folder : allocations()) {
        String name = folder.getFileName().toString();
        Desired desired = resolved(folder.resolve("allocation.json"));
        if (desired.problems().isEmpty()) {
          registered += register(agent, name, desired, wrong);
        } else {
          desired.problems().stream()
              .map(Problem::message)
              .forEach(message -> refused.add(name + ": " + message.replaceFirst(" \\(.*", "")));
        }
      }
    }
    System.out.printf("corpus at the agent: %d registrations%n", registered);
    assertThat(wrong).isEmpty();
    assertThat(refused)
        .containsExactly(
            "u07-same-dest-two-ports: a proxy with two upstreams to \"db\" never leaves the agent"
                + " for the catalog");
    assertThat(registered).isGreaterThan(70);
  }

  private static int register(ConsulAgent agent, String name, Desired desired, List<String> wrong)
      throws AgentException {
    List<Registration> wanted = desired.workloads().stream().map(Workload::registration).toList();
    for (Registration registration : wanted) {
      try {
        agent.register(registration);
      } catch (AgentException e) {
        wrong.add(name + ": " + e.getMessage());
      }
    }
    Plan plan = Plan.between(desired, agent.observe(), "default");
    plan.changes().forEach(change -> wrong.add(name + ": " + change.fields()));
    plan.removals().forEach(removal -> wrong.add(name + ": would go: " + removal));
    wanted.stream()
        .filter(each -> !isInCatalog(each))
        .forEach(each -> wrong.add(name + ": unseen"));
    for (Registration registration : wanted) {
      agent.deregister(registration.id().value());
    }
    return wanted.size();
  }

  private static boolean isInCatalog(Registration registration) {
    try {
      await()
          .pollInterval(Duration.ofMillis(5))
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  holds(registration.name(), registration.id().value())
                      && (registration.sidecar().isEmpty()
                          || holds(
                              registration.name() + "-sidecar-proxy",
                              registration.id().sidecar())));
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  private static boolean holds(String name, String id) {
    return consul.get("/v1/catalog/service/" + name).contains('"' + id + '"');
  }

  private static List<Path> allocations() throws IOException {
    try (var folders = Files.list(VALID)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("allocation.json")))
          .sorted()
          .toList();
    }
  }

  private static Desired resolved(Path file) throws IOException {
    Parsed parsed = SpecParser.parse(file.getFileName().toString(), Files.readString(file, UTF_8));
    Snapshot snapshot =
        new Snapshot(
            List.of(
                new Snapshot.File("corpus", parsed.jobs(), parsed.problems(), parsed.warnings())),
            true,
            List.of());
    Node node =
        new Node("", "", "dc1", "10.99.0.1", new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    return Resolver.resolve(
        snapshot,
        new Situation(
            "default",
            node,
            Situation.DEFAULT_MIN_PORT,
            Situation.DEFAULT_MAX_PORT,
            new TreeSet<>(),
            new TreeMap<>(),
            Choices.NONE,
            false,
            Optional.of(Surroundings.UNKNOWN)));
  }
}
