package dev.connectbridge.cli;

import static dev.connectbridge.cli.Symptom.fail;
import static dev.connectbridge.cli.Symptom.ok;
import static dev.connectbridge.cli.Symptom.warn;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.Bridge;
import dev.connectbridge.config.Configuration;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.consul.ConsulAgent;
import dev.connectbridge.consul.ConsulAgent.Rule;
import dev.connectbridge.control.Connections;
import dev.connectbridge.control.ControlClient;
import dev.connectbridge.control.ControlException;
import dev.connectbridge.control.Request;
import dev.connectbridge.host.DataDirectory;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.reconcile.View;
import dev.connectbridge.resolve.ConsulVersion;
import dev.connectbridge.source.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Examines what the daemon needs: the agent, this machine, and what its specs ask for. */
final class Doctor {
  private static final ConsulVersion OLDEST = new ConsulVersion(1, 8, 0);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Configuration configuration;
  private final Map<String, String> environment;
  private final List<Symptom> symptoms = new ArrayList<>();

  Doctor(Configuration configuration, Map<String, String> environment) {
    this.configuration = configuration;
    this.environment = environment;
  }

  List<Symptom> examine(Source specs, OpenFiles open) {
    dataDirectory(configuration.dataDirectory());
    symptoms.add(open.examined());
    daemon();
    try (Bridge bridge = Bridges.build(Bridges.of(configuration, specs))) {
      Optional<AgentFacts> facts = agent(bridge);
      facts.ifPresent(this::offers);
      Optional<View> view = view(bridge);
      String node = facts.map(AgentFacts::nodeName).orElse(configuration.node().name());
      try (ConsulAgent asked = consul()) {
        symptoms.addAll(Permissions.of(view, node, configuration).examined(asked));
        symptoms.addAll(new OwnTokens(configuration).examined(view));
        symptoms.add(whoWrites(bridge, asked, node).examined());
      }
      Needs needs = Needs.of(configuration, view);
      symptoms.addAll(needs.examined(facts, environment));
    }
    return List.copyOf(symptoms);
  }

  private ConsulAgent consul() {
    return ConsulAgent.at(
        new HttpTransport(
            new HttpTransport.Options(
                configuration.agent(), configuration.token(), configuration.access().tls())));
  }

  private WhoWrites whoWrites(Bridge bridge, ConsulAgent agent, String node) {
    boolean wanted = configuration.access().sessionLock();
    Optional<List<Rule>> lacking = Optional.empty();
    try {
      if (wanted && !node.isEmpty()) {
        List<Rule> rules = WhoWrites.rules(configuration.owner(), node);
        lacking = Optional.of(agent.missing(rules).orElse(List.of()));
      }
    } catch (AgentException e) {
      // then nobody tells, and another line of this examination says why
    }
    return new WhoWrites(wanted, bridge.isStartedElsewhere(), node, bridge.writer(), lacking);
  }

  private void dataDirectory(Path directory) {
    String name = "data directory";
    if (!Files.exists(directory)) {
      symptoms.add(
          mayBeMade(directory)
              ? ok(name, directory + " is not there yet; run makes it")
              : fail(
                  name,
                  directory + " is not there, and this user cannot make it",
                  "make it, 0700, for the user that the daemon runs as, or say data_dir"));
      return;
    }
    if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
      symptoms.add(
          fail(
              name,
              directory + " cannot be written by this user",
              "give it to the user that the daemon runs as, or say another data_dir"));
      return;
    }
    symptoms.add(
        DataDirectory.openness(directory)
            .map(
                open ->
                    warn(
                        name,
                        directory + " is open to others: " + open,
                        "chmod 0700 " + directory + "; tokens of tasks are kept in it"))
            .orElseGet(() -> ok(name, directory + " is ours alone, and can be written")));
  }

  private static boolean mayBeMade(Path directory) {
    Path above = directory.toAbsolutePath().getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    return above != null && Files.isDirectory(above) && Files.isWritable(above);
  }

  private void daemon() {
    try {
      JsonNode status =
          ControlClient.of(configuration.dataDirectory())
              .ask(new Request.Status(), Optional.of(PATIENCE));
      String writer = StatusLines.writer(status.path("writer")).strip();
      symptoms.add(
          ok("daemon", "one runs with this data directory, and answers (%s)".formatted(writer)));
    } catch (ControlException e) {
      symptoms.add(
          e.kind() == ControlException.Kind.NOBODY
              ? ok("daemon", "none runs with this data directory")
              : warn(
                  "daemon", e.getMessage(), "ask as the user that it runs as, or look at its log"));
    }
  }

  private Optional<AgentFacts> agent(Bridge bridge) {
    try {
      AgentFacts facts = bridge.agent();
      symptoms.add(ok("agent", facts.nodeName() + " answers at " + configuration.agent()));
      return Optional.of(facts);
    } catch (AgentException e) {
      symptoms.add(
          e.kind() == Kind.FORBIDDEN
              ? warn(
                  "agent",
                  "the token may not read it, nor notice another one in its place: "
                      + e.getMessage(),
                  "grant agent:read, or say node.name, node.datacenter, node.address and, among"
                      + " node.attributes, consul.version")
              : fail(
                  "agent",
                  e.getMessage(),
                  "start it, or say where it is with CONSUL_HTTP_ADDR or consul.address"));
      return Optional.empty();
    }
  }

  private void offers(AgentFacts facts) {
    Optional<ConsulVersion> version = ConsulVersion.of(facts.version());
    symptoms.add(
        version.filter(release -> release.compareTo(OLDEST) >= 0).isPresent()
            ? ok("version", "Consul " + facts.version())
            : warn(
                "version",
                "Consul \"" + facts.version() + "\" is none that the bridge is tested with",
                "Consul 1.8 and newer are"));
    Optional<Boolean> connect = facts.offers().connect();
    if (connect.isEmpty()) {
      symptoms.add(warn("connect", "the agent does not tell", "connect { enabled = true }"));
    } else if (connect.get()) {
      symptoms.add(ok("connect", "enabled"));
    } else {
      symptoms.add(
          fail(
              "connect",
              "disabled: no sidecar gets a certificate",
              "connect { enabled = true } in the configuration of Consul's servers and agents"));
    }
  }

  private Optional<View> view(Bridge bridge) {
    try {
      View view = bridge.plan();
      int problems = view.desired().problems().size();
      symptoms.add(
          problems == 0
              ? ok("specs", Lines.count(view.desired().workloads().size(), "service") + " wanted")
              : fail(
                  "specs", Lines.count(problems, "problem"), "connect-bridge validate names them"));
      return Optional.of(view);
    } catch (AgentException e) {
      symptoms.add(
          warn("specs", "not looked at, since the agent cannot be read", "see above; try again"));
      return Optional.empty();
    }
  }

  /** Returns what is to be said of the connections that so many built-in proxies need. */
  static Symptom connections(int proxies, Optional<AgentFacts> facts) {
    Connections connections =
        Connections.of(
            proxies,
            facts
                .map(agent -> agent.offers().connectionsPerClient())
                .orElse(java.util.OptionalInt.empty()));
    String found =
        "up to %d of %d, by %d built-in proxies"
            .formatted(connections.needed(), connections.limit(), proxies);
    return connections
        .warning()
        .map(
            warning ->
                warn(
                    "connections",
                    found,
                    "raise Consul's limits.http_max_conns_per_client, or let Envoy run; beyond it"
                        + " the agent answers nobody on this machine"))
        .orElseGet(() -> ok("connections", found));
  }
}
