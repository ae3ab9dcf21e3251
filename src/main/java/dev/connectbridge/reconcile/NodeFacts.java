package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
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

  private static final String VERSION = "consul.version";

  private final AgentApi agent;
  private final Node said;
  private Optional<Known> known = Optional.empty();

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

  void forget() {
    known = Optional.empty();
  }

  Known known() throws AgentException {
    if (known.isEmpty()) {
      known = Optional.of(ask());
    }
    return known.get();
  }

  private Known ask() throws AgentException {
    try {
      AgentFacts facts = agent.facts();
      return new Known(
          merged(facts),
          ConsulVersion.of(facts.version()),
          facts.sidecarMinPort(),
          facts.sidecarMaxPort());
    } catch (AgentException e) {
      if (e.kind() != Kind.FORBIDDEN) {
        throw e;
      }
      Optional<ConsulVersion> version =
          Optional.ofNullable(said.attributes().get(VERSION)).flatMap(ConsulVersion::of);
      log.warn(
          "the token may not read the agent (agent:read), so node values come from the"
              + " configuration alone{}",
          version.isPresent()
              ? ""
              : ", and nothing is left out for an older Consul: its node.attributes say no "
                  + VERSION);
      return new Known(said, version, 21000, 21255);
    }
  }

  private Node merged(AgentFacts facts) {
    SortedMap<String, String> attributes = new TreeMap<>(said.attributes());
    attributes.putIfAbsent(VERSION, facts.version());
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
