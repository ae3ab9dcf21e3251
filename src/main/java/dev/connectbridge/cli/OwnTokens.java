package dev.connectbridge.cli;

import static dev.connectbridge.cli.Symptom.fail;
import static dev.connectbridge.cli.Symptom.ok;
import static dev.connectbridge.cli.Symptom.warn;

import dev.connectbridge.config.Configuration;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.ConsulAgent;
import dev.connectbridge.consul.ConsulAgent.Rule;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.reconcile.View;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Workload;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Whether services that are registered with tokens of their own can be. */
final class OwnTokens {
  private static final String NAME = "service tokens";

  private final Configuration configuration;

  OwnTokens(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Asks the agent with each of the tokens; says nothing where no service has one. */
  List<Symptom> examined(Optional<View> view) {
    SortedMap<String, Set<Rule>> needed = new TreeMap<>();
    view.stream()
        .flatMap(seen -> seen.desired().workloads().stream())
        .map(Workload::registration)
        .filter(one -> configuration.access().tokenFiles().containsKey(one.name()))
        .forEach(one -> rules(needed, one));
    List<Symptom> symptoms = new ArrayList<>();
    needed.forEach((service, rules) -> symptoms.addAll(examined(service, List.copyOf(rules))));
    return symptoms.isEmpty() && !needed.isEmpty()
        ? List.of(ok(NAME, "each may register its own: " + String.join(", ", needed.keySet())))
        : symptoms;
  }

  private static void rules(SortedMap<String, Set<Rule>> needed, Registration one) {
    needed
        .computeIfAbsent(one.name(), any -> new LinkedHashSet<>())
        .addAll(Permissions.writing(one));
  }

  private List<Symptom> examined(String service, List<Rule> rules) {
    try {
      Optional<String> token = configuration.access().serviceTokens().apply(service);
      try (ConsulAgent agent = with(token)) {
        List<Rule> lacking = agent.missing(rules).orElse(List.of());
        return lacking.isEmpty()
            ? List.of()
            : List.of(
                fail(
                    NAME,
                    "that of %s lacks %s, so it is not registered"
                        .formatted(service, Lines.count(lacking.size(), "rule")),
                    "add to its policy:\n" + Permissions.lines(lacking)));
      }
    } catch (UncheckedIOException e) {
      String why = e.getCause().getMessage();
      return List.of(fail(NAME, why, "%s is not registered without it".formatted(service)));
    } catch (AgentException e) {
      String what = "that of %s: %s".formatted(service, e.getMessage());
      return List.of(
          e.kind() == Kind.FORBIDDEN
              ? fail(NAME, what, "write one there that Consul knows: it may be revoked")
              : warn(NAME, what, "see above; try again"));
    }
  }

  private ConsulAgent with(Optional<String> token) {
    return ConsulAgent.at(
        new HttpTransport(
            new HttpTransport.Options(
                configuration.agent(), () -> token, configuration.access().tls())));
  }
}
