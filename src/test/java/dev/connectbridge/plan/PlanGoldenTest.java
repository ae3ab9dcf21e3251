package dev.connectbridge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.connectbridge.consul.AgentRequests;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Resolver;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Surroundings;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a plan looks like and what it would send. A folder has {@code spec.nomad.hcl}, and in {@code
 * held.nomad.hcl} the spec that the agent was told before; {@code theirs.nomad.hcl} was told by
 * another owner, and {@code foreign.txt} names services whose IDs somebody else has.
 */
class PlanGoldenTest {
  private static final Path FOLDERS = Path.of("src/test/resources/golden/plan");
  private static final boolean WRITE = "write".equals(System.getProperty("goldens"));
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static Stream<String> folders() throws IOException {
    try (Stream<Path> all = Files.list(FOLDERS)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void aPlanIsToldAndSentAsItsGoldenSays(String name) throws IOException {
    Path folder = FOLDERS.resolve(name);
    Observed observed = observed(folder);
    Desired desired = resolved(folder.resolve("spec.nomad.hcl"), observed);
    assertThat(desired.problems()).isEmpty();

    Plan plan = Plan.between(desired, observed, "default");

    compare(folder.resolve("plan.txt"), PlanText.of(plan));
    compare(folder.resolve("put.json"), JSON.writeValueAsString(puts(plan)) + "\n");
  }

  private static void compare(Path golden, String text) throws IOException {
    if (WRITE) {
      Files.writeString(golden, text);
    }
    assertThat(golden).hasContent(text);
  }

  private static ArrayNode puts(Plan plan) {
    ArrayNode puts = JSON.createArrayNode();
    for (Change change : plan.changes()) {
      AgentRequests.Put put = AgentRequests.register(change.wanted());
      puts.addObject().put("path", put.path()).set("body", put.body());
    }
    return puts;
  }

  private static Observed observed(Path folder) throws IOException {
    List<Registration> held = new ArrayList<>();
    for (Registration ours : told(folder.resolve("held.nomad.hcl"))) {
      held.add(ours.asHeld());
    }
    for (Registration told : told(folder.resolve("theirs.nomad.hcl"))) {
      Marks marks = told.marks();
      held.add(
          told.withMarks(
                  new Marks("other", marks.group(), marks.source(), marks.hash(), marks.ports()))
              .asHeld());
    }
    List<Foreign> foreign = new ArrayList<>();
    Path names = folder.resolve("foreign.txt");
    if (Files.exists(names)) {
      List<String> lines = Files.readAllLines(names);
      for (Registration wanted : told(folder.resolve("spec.nomad.hcl"))) {
        ServiceId id = wanted.id();
        if (lines.contains(wanted.name())) {
          foreign.add(new Foreign(id.value(), wanted.name(), wanted.port()));
        }
      }
    }
    return new Observed(held, List.of(), foreign);
  }

  private static List<Registration> told(Path spec) throws IOException {
    return Files.exists(spec)
        ? resolved(spec, Observed.NOTHING).workloads().stream().map(Workload::registration).toList()
        : List.of();
  }

  /** Every file stands for what shop.nomad.hcl was or is. */
  private static Desired resolved(Path spec, Observed observed) throws IOException {
    Situation bare = Situation.of("default", Specs.NODE);
    return Resolver.resolve(
        Specs.snapshot("shop.nomad.hcl", Files.readString(spec)),
        new Situation(
            bare.owner(),
            bare.node(),
            bare.minPort(),
            bare.maxPort(),
            observed.portsOfOthers("default"),
            observed.rememberedPorts("default"),
            Choices.NONE,
            false,
            Optional.of(Surroundings.UNKNOWN)));
  }
}
