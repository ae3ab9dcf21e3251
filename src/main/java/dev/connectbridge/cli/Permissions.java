package dev.connectbridge.cli;

import static dev.connectbridge.cli.Symptom.fail;
import static dev.connectbridge.cli.Symptom.ok;
import static dev.connectbridge.cli.Symptom.warn;

import dev.connectbridge.config.Configuration;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.ConsulAgent;
import dev.connectbridge.consul.ConsulAgent.Rule;
import dev.connectbridge.reconcile.View;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the token must be allowed to do for the specs there are: the least, each with what for.
 *
 * @param needed the rules without which something is not registered
 * @param wished the rules without which something is not known, and what that is
 */
record Permissions(List<Rule> needed, Map<Rule, String> wished) {
  private static final String NAME = "permissions";
  private static final String LEFT = "%s, which has a token of its own, is never deregistered";

  /**
   * Returns what is needed; an unknown node is any. What has a token of its own is registered with
   * that, and deregistered with ours all the same.
   */
  static Permissions of(Optional<View> view, String node, Configuration configuration) {
    Set<String> withTheirOwn = configuration.access().tokenFiles().keySet();
    List<Rule> needed = new ArrayList<>();
    Map<Rule, String> wished = new TreeMap<>(Comparator.comparing(Rule::toString));
    wished.put(new Rule("agent", node, "read"), "node values come from the configuration alone");
    wished.put(new Rule("node", node, "read"), "no drain is proven");
    wished.put(
        new Rule("service", "", "read"),
        "ports of other services are not known, and upstreams not found");
    elsewhere(view, configuration)
        .ifPresent(without -> wished.put(new Rule("node", "", "read"), without));
    view.ifPresent(
        seen -> {
          for (Workload workload : seen.desired().workloads()) {
            Registration wanted = workload.registration();
            if (withTheirOwn.contains(wanted.name())) {
              writing(wanted).forEach(rule -> wished.put(rule, LEFT.formatted(wanted.name())));
            } else {
              needed.addAll(writing(wanted));
            }
          }
          if (!seen.desired().entries().isEmpty()) {
            needed.add(new Rule("operator", "", "write"));
          }
        });
    return new Permissions(needed.stream().distinct().toList(), wished);
  }

  /** An instance is listed to those alone who may read the node that it is on. */
  private static Optional<String> elsewhere(Optional<View> view, Configuration configuration) {
    List<String> blind = new ArrayList<>();
    if (configuration.keepLastInstance()) {
      blind.add("keep_last_instance withholds the last one here until somebody consents");
    }
    if (view.stream()
        .flatMap(seen -> seen.desired().workloads().stream())
        .flatMap(workload -> workload.registration().sidecar().stream())
        .anyMatch(sidecar -> !sidecar.proxy().upstreams().isEmpty())) {
      blind.add("groups are not ready whose upstreams have none here");
    }
    return blind.isEmpty()
        ? Optional.empty()
        : Optional.of("instances on other nodes are not seen: " + String.join(", and ", blind));
  }

  /** Returns what it takes to register something. */
  static List<Rule> writing(Registration registration) {
    Rule service = new Rule("service", registration.name(), "write");
    return registration.sidecar().isEmpty()
        ? List.of(service)
        : List.of(service, new Rule("service", registration.name() + "-sidecar-proxy", "write"));
  }

  /** Returns what an agent grants of it. */
  List<Symptom> examined(ConsulAgent agent) {
    try {
      List<Rule> all = new ArrayList<>(needed);
      all.addAll(wished.keySet());
      return agent
          .missing(all)
          .map(this::symptoms)
          .orElse(List.of(ok(NAME, "ACLs are off: everything is allowed")));
    } catch (AgentException e) {
      return List.of(
          e.kind() == Kind.FORBIDDEN
              ? fail(NAME, e.getMessage(), "give it a token that Consul knows: it may be revoked")
              : warn(NAME, e.getMessage(), "see above; try again"));
    }
  }

  private List<Symptom> symptoms(List<Rule> missing) {
    if (missing.isEmpty()) {
      return List.of(ok(NAME, "the token may do all that these specs take"));
    }
    List<Symptom> symptoms = new ArrayList<>();
    List<Rule> lacking = needed.stream().filter(missing::contains).toList();
    if (!lacking.isEmpty()) {
      symptoms.add(
          fail(
              NAME,
              "the token lacks %s, so not everything is registered"
                  .formatted(Lines.count(lacking.size(), "rule")),
              "add to its policy:\n" + lines(lacking)));
    }
    wished.forEach(
        (rule, without) -> {
          if (missing.contains(rule)) {
            symptoms.add(
                warn(
                    NAME,
                    "without %s:%s, %s".formatted(rule.resource(), rule.access(), without),
                    "add to the policy of the token:\n" + lines(List.of(rule))));
          }
        });
    return symptoms;
  }

  static String lines(List<Rule> rules) {
    return rules.stream().map(Rule::toString).collect(Collectors.joining("\n"));
  }
}
