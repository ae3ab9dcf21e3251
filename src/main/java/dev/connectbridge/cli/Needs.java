package dev.connectbridge.cli;

import static dev.connectbridge.cli.Symptom.fail;
import static dev.connectbridge.cli.Symptom.ok;
import static dev.connectbridge.cli.Symptom.warn;

import dev.connectbridge.config.Configuration;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.docker.DockerDriver;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.reconcile.View;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.spec.Value;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the proxies that are wanted need of this machine and of the agent.
 *
 * @param commands the programs that are looked for on PATH
 * @param docker where the engine is; empty when none is needed
 * @param envoy whether Envoy asks the agent for its configuration
 * @param builtIn how many proxies are Consul's own
 */
record Needs(Set<String> commands, Optional<String> docker, boolean envoy, int builtIn) {
  private static final Set<String> PROCESSES = Set.of("raw_exec", "exec");
  private static final Set<String> CONTAINERS = Set.of("docker", "podman");

  static Needs of(Configuration configuration, Optional<View> view) {
    if (!configuration.running().tasks()) {
      return new Needs(Set.of(), Optional.empty(), false, 0);
    }
    List<Launch> launches =
        view.stream()
            .flatMap(seen -> seen.desired().workloads().stream())
            .map(Workload::launch)
            .flatMap(Optional::stream)
            .toList();
    SidecarTask otherwise = configuration.choices().defaultSidecarTask();
    boolean envoy =
        otherwise == SidecarTask.ENVOY
            || launches.stream().anyMatch(launch -> launch.bootstrap().isPresent());
    Set<String> commands = new TreeSet<>();
    for (Launch launch : launches) {
      if (PROCESSES.contains(launch.task().driver())) {
        command(launch).ifPresent(commands::add);
      }
    }
    if (otherwise == SidecarTask.BUILTIN || envoy) {
      commands.add("consul");
    }
    if (otherwise == SidecarTask.ENVOY) {
      commands.add("envoy");
    }
    boolean docker =
        launches.stream().anyMatch(launch -> CONTAINERS.contains(launch.task().driver()));
    return new Needs(
        commands,
        docker ? Optional.of(configuration.running().docker()) : Optional.empty(),
        envoy,
        (int) launches.stream().filter(Launch::isBuiltin).map(Launch::id).distinct().count());
  }

  private static Optional<String> command(Launch launch) {
    return launch.task().config().get("command") instanceof Value.Text text
            && !text.text().contains("/")
            && !text.text().contains("${")
        ? Optional.of(text.text())
        : Optional.empty();
  }

  List<Symptom> examined(Optional<AgentFacts> facts, Map<String, String> environment) {
    List<Symptom> symptoms = new ArrayList<>();
    if (envoy && facts.isPresent()) {
      symptoms.add(grpc(facts.get()));
    }
    commands.forEach(command -> symptoms.add(command(command, environment)));
    docker.ifPresent(engine -> symptoms.add(engine(engine)));
    symptoms.add(Doctor.connections(builtIn, facts));
    return symptoms;
  }

  private static Symptom grpc(AgentFacts facts) {
    OptionalInt port = facts.offers().grpcPort();
    if (port.isEmpty()) {
      return warn("grpc", "the agent does not tell its port", "Envoy needs ports { grpc = 8502 }");
    }
    return port.getAsInt() > 0
        ? ok("grpc", "Envoy is configured at port " + port.getAsInt())
        : fail("grpc", "the agent has no port that configures Envoy", "ports { grpc = 8502 }");
  }

  private static Symptom command(String command, Map<String, String> environment) {
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, command))
        .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
        .findFirst()
        .map(file -> ok("command " + command, file.toString()))
        .orElseGet(
            () ->
                fail(
                    "command " + command,
                    "not found on PATH, and proxies that are wanted run it",
                    "install it, or put it on the PATH of the daemon"));
  }

  /** Asked for the containers of nobody, so that it changes nothing. */
  private static Symptom engine(String address) {
    try (DockerDriver driver = DockerDriver.at(address)) {
      driver.observe("");
      return ok("docker", "the engine answers at " + address);
    } catch (TaskException | IllegalArgumentException e) {
      return fail(
          "docker",
          e.getMessage(),
          "start it, say where it is with DOCKER_HOST or docker, or let default_sidecar_task be"
              + " builtin");
    }
  }
}
