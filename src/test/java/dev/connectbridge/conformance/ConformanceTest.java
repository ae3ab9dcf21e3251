package dev.connectbridge.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.consul.AgentRequests;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.parse.Parsed;
import dev.connectbridge.parse.SpecParser;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Resolver;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.spec.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a real Nomad registered for the same specs, case by case. */
class ConformanceTest {
  private static final Path CORPUS = Path.of("src/test/resources/conformance");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void everyCaseInScopeEqualsWhatNomadRegistered() throws IOException {
    Set<String> pending = pending();
    Map<String, String> failed = new TreeMap<>();
    int cases = 0;
    for (String kind : List.of("valid", "invalid")) {
      for (Path folder : folders(CORPUS.resolve(kind))) {
        cases++;
        List<String> faults = kind.equals("valid") ? valid(folder) : invalid(folder);
        if (!faults.isEmpty()) {
          failed.put(folder.getFileName().toString(), String.join("\n    ", faults));
        }
      }
    }
    System.out.printf(
        "conformance: %d of %d equal, %d pending%n", cases - failed.size(), cases, pending.size());
    Set<String> passing = new TreeSet<>(pending);
    passing.removeAll(failed.keySet());
    failed.keySet().removeAll(pending);
    assertThat(failed).as("cases that differ").isEmpty();
    assertThat(passing).as("pending cases that pass and must leave PENDING.txt").isEmpty();
  }

  @Test
  void withNomadsDefaultsEveryTaskIsTheOneThatNomadMade() throws IOException {
    Choices nomads = new Choices(false, true, false, false, SidecarTask.NOMAD, false);
    List<String> faults = new ArrayList<>();
    for (Path folder : folders(CORPUS.resolve("valid"))) {
      if (!folder.getFileName().toString().matches(".*-[01]")) {
        JsonNode random = json(folder.resolve("expected.json"));
        Desired desired = resolved(folder.resolve("job.nomad.hcl"), nomads);
        compareTasks(folder, random, "sidecar_tasks", desired, folder.toString(), faults);
      }
    }
    assertThat(faults).isEmpty();
  }

  /** Only the upstreams' addresses and where Envoy's administrator is reached are ours. */
  @Test
  void aProxyFindsTheEnvironmentThatNomadGaveIt() throws IOException {
    int compared = 0;
    for (Path folder : folders(CORPUS.resolve("valid"))) {
      JsonNode environments = json(folder.resolve("environment.json"));
      if (environments.isEmpty()) {
        continue;
      }
      for (Workload workload : resolved(folder.resolve("allocation.json")).workloads()) {
        Launch launch = workload.launch().orElseThrow();
        SortedMap<String, String> nomads = texts(environments.path(launch.task().name()));
        Launch.Place place =
            new Launch.Place(
                nomads.get("NOMAD_ALLOC_DIR"),
                nomads.get("NOMAD_TASK_DIR"),
                nomads.get("NOMAD_SECRETS_DIR"),
                new TreeMap<>());
        nomads.replaceAll((name, value) -> value.replace("localhost:19", "127.0.0.2:19"));

        assertThat(launch.in(place).env()).containsAllEntriesOf(nomads);
        compared++;
      }
    }
    assertThat(compared).isPositive();
  }

  private static List<String> valid(Path folder) throws IOException {
    List<String> faults = new ArrayList<>();
    JsonNode expected = json(folder.resolve("expected.json"));
    if (Files.exists(folder.resolve("allocation.json"))) {
      Desired desired = resolved(folder.resolve("allocation.json"));
      desired.problems().forEach(problem -> faults.add("allocation: " + problem));
      compareRegistrations(folder, expected, desired, faults);
      compareTasks(folder, expected, "sidecar_tasks", desired, "allocation", faults);
    }
    Desired fromSpec = resolved(folder.resolve("job.nomad.hcl"));
    fromSpec.problems().forEach(problem -> faults.add("spec: " + problem));
    String key =
        expected.has("sidecar_tasks_from_spec") ? "sidecar_tasks_from_spec" : "sidecar_tasks";
    if (!folder.getFileName().toString().matches(".*-[01]")) {
      compareTasks(folder, expected, key, fromSpec, "spec", faults);
    }
    return faults;
  }

  private static void compareRegistrations(
      Path folder, JsonNode expected, Desired desired, List<String> faults) throws IOException {
    JsonNode nomad =
        expected.has("registrations")
            ? expected.path("registrations")
            : json(folder.resolve("registrations.json"));
    ArrayNode ours = JsonNodeFactory.instance.arrayNode();
    for (Workload workload : desired.workloads()) {
      AgentRequests.Put put = AgentRequests.register(workload.registration());
      ours.addObject().put("path", put.path()).set("body", put.body());
    }
    List<JsonNode> wanted = new ArrayList<>(Unit.of(nomad));
    List<JsonNode> got = new ArrayList<>(Unit.of(ours));
    Unit.of(expected.path("optional"))
        .forEach(
            optional -> {
              wanted.remove(optional);
              got.remove(optional);
            });
    if (!wanted.equals(got)) {
      faults.add("wanted " + wanted + "\n    got    " + got);
    }
  }

  private static void compareTasks(
      Path folder,
      JsonNode expected,
      String key,
      Desired desired,
      String input,
      List<String> faults)
      throws IOException {
    JsonNode tasks =
        expected.has(key) ? expected.path(key) : json(folder.resolve("sidecar-task.json"));
    List<JsonNode> wanted = new ArrayList<>();
    tasks.forEach(task -> wanted.add(Unit.pruned(task(task))));
    List<JsonNode> got =
        desired.workloads().stream()
            .flatMap(workload -> workload.task().stream())
            .map(task -> task(TaskJson.of(task)))
            .map(Unit::pruned)
            .distinct()
            .toList();
    for (JsonNode want : wanted.stream().distinct().toList()) {
      if (got.stream().noneMatch(task -> matches(want, task))) {
        faults.add(input + " task wanted " + want + "\n    got " + got);
      }
    }
    if (wanted.stream().distinct().count() != got.size()) {
      faults.add("%s tasks: wanted %d, got %s".formatted(input, wanted.size(), got));
    }
  }

  private static boolean matches(JsonNode wanted, JsonNode got) {
    if (wanted.has("$match")) {
      return got.isTextual() && got.asText().matches(wanted.path("$match").asText());
    }
    if (wanted.isObject() && got.isObject() && wanted.size() == got.size()) {
      return wanted.properties().stream()
          .allMatch(member -> matches(member.getValue(), got.path(member.getKey())));
    }
    return wanted.equals(got);
  }

  private static ObjectNode task(JsonNode task) {
    ObjectNode compared = JsonNodeFactory.instance.objectNode();
    for (String key :
        List.of(
            "Name",
            "Driver",
            "User",
            "Config",
            "Env",
            "Meta",
            "KillTimeout",
            "ShutdownDelay",
            "KillSignal")) {
      compared.set(key, task.path(key).deepCopy());
    }
    compared
        .putObject("Resources")
        .put("CPU", task.path("Resources").path("CPU").asInt())
        .put("MemoryMB", task.path("Resources").path("MemoryMB").asInt());
    compared
        .putObject("LogConfig")
        .put("MaxFiles", task.path("LogConfig").path("MaxFiles").asInt())
        .put("MaxFileSizeMB", task.path("LogConfig").path("MaxFileSizeMB").asInt());
    return compared;
  }

  private static List<String> invalid(Path folder) throws IOException {
    JsonNode verdict = json(folder.resolve("verdict.json"));
    JsonNode expected = json(folder.resolve("expected.json"));
    JsonNode admitted =
        expected.has("admitted") ? expected.path("admitted") : verdict.path("admitted");
    List<Problem> problems = resolved(folder.resolve("job.nomad.hcl")).problems();
    List<String> faults = new ArrayList<>();
    if (admitted.isBoolean() && admitted.asBoolean() && !problems.isEmpty()) {
      faults.add("should be accepted: " + problems);
    }
    if (admitted.isBoolean() && !admitted.asBoolean()) {
      if (problems.isEmpty()) {
        faults.add("should be refused: " + verdict.path("reasons"));
      }
      problems.stream()
          .filter(problem -> problem.place().line() < 1 || problem.place().column() < 1)
          .forEach(problem -> faults.add("no position: " + problem));
    }
    return faults;
  }

  private static Desired resolved(Path file) throws IOException {
    return resolved(file, Choices.NONE);
  }

  private static Desired resolved(Path file, Choices choices) throws IOException {
    Parsed parsed = SpecParser.parse(file.getFileName().toString(), Files.readString(file, UTF_8));
    var read =
        new Snapshot.File(
            file.getFileName().toString(), parsed.jobs(), parsed.problems(), parsed.warnings());
    return Resolver.resolve(
        new Snapshot(List.of(read), true, List.of()),
        Situation.of("default", node()).with(choices));
  }

  private static Node node() throws IOException {
    JsonNode node = json(CORPUS.resolve("node.json"));
    return new Node(
        node.path("ID").asText(),
        node.path("Name").asText(),
        node.path("Datacenter").asText(),
        "10.99.0.1",
        new TreeMap<>(),
        texts(node.path("Attributes")),
        texts(node.path("Meta")));
  }

  private static SortedMap<String, String> texts(JsonNode node) {
    SortedMap<String, String> texts = new TreeMap<>();
    node.properties().forEach(member -> texts.put(member.getKey(), member.getValue().asText()));
    return texts;
  }

  private static Set<String> pending() throws IOException {
    return Files.readAllLines(CORPUS.resolve("PENDING.txt"), UTF_8).stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static JsonNode json(Path file) throws IOException {
    return Files.exists(file)
        ? JSON.readTree(Files.readString(file, UTF_8))
        : JsonNodeFactory.instance.objectNode();
  }

  private static List<Path> folders(Path parent) throws IOException {
    try (Stream<Path> folders = Files.list(parent)) {
      return folders.sorted().toList();
    }
  }
}
