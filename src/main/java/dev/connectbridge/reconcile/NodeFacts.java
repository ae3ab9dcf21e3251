package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.consul.OurAgent;
import dev.connectbridge.consul.OurAgent.Identity;
import dev.connectbridge.reconcile.Guard.Doubt;
import dev.connectbridge.resolve.ConsulVersion;
import dev.connectbridge.resolve.Node;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said about this machine, completed by what the agent tells. Asked once a connection, and
 * before anything is removed.
 */
final class NodeFacts {
  private static final Logger log = LoggerFactory.getLogger(NodeFacts.class);

  private static final String VERSION = "consul.version";

  private final AgentApi agent;
  private final Node said;
  private final OurAgent ours;
  private Optional<Known> known = Optional.empty();
  private Optional<Identity> now = Optional.empty();
  private boolean forbidden;
  private boolean asked;

  NodeFacts(AgentApi agent, Node said, OurAgent ours) {
    this.agent = agent;
    this.said = said;
    this.ours = ours;
  }

  /**
   * What is known.
   *
   * @param node the machine
   * @param version the agent's release; empty when it does not tell
   * @param sidecarMinPort the first port that Consul itself hands to sidecars; 0 when unknown
   * @param sidecarMaxPort the last one
   * @param keeps whether it is known to keep on its disk what is registered
   */
  record Known(
      Node node,
      Optional<ConsulVersion> version,
      int sidecarMinPort,
      int sidecarMaxPort,
      boolean keeps) {}

  /** Returns why nothing of what is seen may be removed: it may be another machine's. */
  Optional<Doubt> doubt() {
    return now.filter(ours::isOther)
        .map(
            other ->
                new Doubt(
                    "the agent is another one: it was %s and is %s"
                        .formatted(ours.known().orElseThrow(), other),
                    "look at where the agent's address leads, then mend it or consent",
                    true));
  }

  /** Returns who the agent is, as far as it has told. */
  Optional<Identity> identity() {
    return now;
  }

  /**
   * Takes the agent for the right one: it holds nothing of ours, or somebody has said so; returns
   * whether it was another.
   */
  boolean accept() {
    Optional<Identity> other = now.filter(ours::isOther);
    other.ifPresent(
        one -> {
          log.info("the agent is {} from now on, it was {}", one, ours.known().orElseThrow());
          ours.take(one);
        });
    return other.isPresent();
  }

  void forget() {
    known = Optional.empty();
  }

  /** An address may lead elsewhere from one connection to the next, and nobody says so. */
  void askAgain() throws AgentException {
    forget();
    known();
  }

  /** A pass begins: what a token could not read in the last one, a better one may now. */
  void begin() {
    asked = false;
    if (forbidden) {
      forget();
    }
  }

  Known known() throws AgentException {
    if (known.isEmpty()) {
      known = Optional.of(ask());
    }
    return known.get();
  }

  /**
   * Returns what Consul calls the agent's node, which is not what specs may call the machine; where
   * the agent keeps it, that has to do.
   */
  String name() throws AgentException {
    Known facts = known();
    return now.map(Identity::name).orElse(facts.node().name());
  }

  /** Returns the same as of this pass: one that was renamed has nothing under its old name. */
  String nameNow() throws AgentException {
    if (!asked) {
      askAgain();
    }
    return name();
  }

  private Known ask() throws AgentException {
    asked = true;
    try {
      AgentFacts facts = agent.facts();
      Identity identity = facts.identity();
      now = Optional.of(identity);
      if (ours.known().isEmpty()) {
        ours.take(identity);
      }
      forbidden = false;
      return new Known(
          merged(facts),
          ConsulVersion.of(facts.version()),
          facts.sidecarMinPort(),
          facts.sidecarMaxPort(),
          facts.keeps());
    } catch (AgentException e) {
      if (e.kind() != Kind.FORBIDDEN) {
        throw e;
      }
      Optional<ConsulVersion> version =
          Optional.ofNullable(said.attributes().get(VERSION)).flatMap(ConsulVersion::of);
      if (!forbidden) {
        log.warn(
            "the token may not read the agent (agent:read), so node values come from the"
                + " configuration alone, and nobody would notice that the address leads to"
                + " another agent{}",
            version.isPresent()
                ? ""
                : ", and nothing is left out for an older Consul: its node.attributes say no "
                    + VERSION);
      }
      forbidden = true;
      return new Known(said, version, 21000, 21255, false);
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
