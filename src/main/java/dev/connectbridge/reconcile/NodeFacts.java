package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.reconcile.Guard.Doubt;
import dev.connectbridge.resolve.ConsulVersion;
import dev.connectbridge.resolve.Node;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said about this machine, completed by what the agent tells. Asked once a connection. */
final class NodeFacts {
  private static final Logger log = LoggerFactory.getLogger(NodeFacts.class);

  private final AgentApi agent;
  private final Node said;
  private Optional<Known> known = Optional.empty();
  private Optional<Identity> first = Optional.empty();
  private Optional<Identity> now = Optional.empty();
  private boolean forbidden;

  NodeFacts(AgentApi agent, Node said) {
    this.agent = agent;
    this.said = said;
  }

  /**
   * What is known.
   *
   * @param node the machine
   * @param version the agent's release; empty when it does not tell
   * @param sidecarMinPort the first port that Consul itself hands to sidecars; 0 when unknown
   * @param sidecarMaxPort the last one
   */
  record Known(
      Node node, Optional<ConsulVersion> version, int sidecarMinPort, int sidecarMaxPort) {}

  /** Who an agent is, whatever else is said about its node. */
  private record Identity(String name, String id, String datacenter) {
    static Identity of(AgentFacts facts) {
      return new Identity(facts.nodeName(), facts.nodeId(), facts.datacenter());
    }

    @Override
    public String toString() {
      return "%s (%s, datacenter %s)".formatted(name, id, datacenter);
    }
  }

  /** Returns why nothing of what is seen may be removed: it may be another machine's. */
  Optional<Doubt> doubt() {
    if (now.isEmpty() || first.equals(now)) {
      return Optional.empty();
    }
    return Optional.of(
        new Doubt(
            "the agent is another one: it was %s and is %s"
                .formatted(first.orElseThrow(), now.orElseThrow()),
            "look at where the agent's address leads, then start again or consent",
            true));
  }

  /** Takes the agent for the right one: it holds nothing of ours, or somebody has said so. */
  void accept() {
    if (doubt().isPresent()) {
      log.info("the agent is {} from now on, it was {}", now.orElseThrow(), first.orElseThrow());
      first = now;
    }
  }

  void forget() {
    known = Optional.empty();
  }

  /** What a token may not read now, a better one may next time. */
  Known known() throws AgentException {
    if (known.isEmpty()) {
      Known answer = ask();
      known = forbidden ? Optional.empty() : Optional.of(answer);
      return answer;
    }
    return known.get();
  }

  private Known ask() throws AgentException {
    try {
      AgentFacts facts = agent.facts();
      now = Optional.of(Identity.of(facts));
      first = first.or(() -> now);
      forbidden = false;
      return new Known(
          merged(facts),
          ConsulVersion.of(facts.version()),
          facts.sidecarMinPort(),
          facts.sidecarMaxPort());
    } catch (AgentException e) {
      if (e.kind() != Kind.FORBIDDEN) {
        throw e;
      }
      if (!forbidden) {
        log.warn(
            "the token may not read the agent (agent:read), so node values come from the"
                + " configuration alone, and nothing is left out for an older Consul");
      }
      forbidden = true;
      return new Known(said, Optional.empty(), 21000, 21255);
    }
  }

  private Node merged(AgentFacts facts) {
    SortedMap<String, String> attributes = new TreeMap<>(said.attributes());
    attributes.putIfAbsent("consul.version", facts.version());
    attributes.putIfAbsent("consul.datacenter", facts.datacenter());
    return new Node(
        either(said.id(), facts.nodeId()),
        either(said.name(), facts.nodeName()),
        either(said.datacenter(), facts.datacenter()),
        either(said.address(), facts.advertiseAddress()),
        said.hostNetworks(),
        attributes,
        said.meta());
  }

  private static String either(String own, String otherwise) {
    return own.isEmpty() ? otherwise : own;
  }
}
