package dev.connectbridge.supervise;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.OurAgent;
import dev.connectbridge.consul.OurAgent.Identity;
import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.supervise.Proof.Seeking;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a drain does to Consul. Each of these takes its time, and is for the drains' lane; what it
 * throws may be tried again as a whole.
 */
final class AgentSide {
  private static final Logger log = LoggerFactory.getLogger(AgentSide.class);

  private final AgentApi agent;
  private final OurAgent ours;
  private final String node;
  private final Proof proof;
  private final Fence fence;
  private final boolean criticalFirst;

  /** {@code node} is what the configuration calls this machine, for where the agent keeps it. */
  AgentSide(Edges edges, String node, boolean criticalFirst) {
    this.agent = edges.agent();
    this.ours = edges.ours();
    this.node = node;
    this.proof = edges.proof();
    this.fence = edges.fence();
    this.criticalFirst = criticalFirst;
  }

  /**
   * Refuses what was decided about the entries of one agent where another one, which nobody has
   * said is ours, answers at its address and holds them: they are another machine's.
   *
   * @param whose the agent that it was decided about; empty is done to whichever there is
   */
  void refuseAnother(Leaving leaving, Optional<Identity> whose) throws AgentException {
    Optional<Identity> now = whose.isEmpty() ? Optional.empty() : identity();
    if (now.isEmpty() || now.equals(whose) || !ours.isOther(now.get())) {
      return;
    }
    for (String id : leaving.ids()) {
      if (mayHold(id)) {
        throw new AgentException(
            Kind.REFUSED,
            "the agent is another one: it was %s and is %s, and nothing is removed there"
                .formatted(whose.get(), now.get()),
            null);
      }
    }
  }

  /** Who the agent is may be a secret, and then nobody knows that it is another one. */
  private Optional<Identity> identity() throws AgentException {
    try {
      return Optional.of(agent.facts().identity());
    } catch (AgentException e) {
      if (e.kind() != Kind.FORBIDDEN) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Tells the token that calls carry now from others, and not what it is. */
  String token() throws AgentException {
    return agent.tokenMark();
  }

  /** Waits for the writes that are under way, and does what goes before deregistering. */
  void prepare(Leaving leaving) throws AgentException, InterruptedException {
    fence.awaitQuiet(leaving.serviceIds());
    save(leaving);
    if (criticalFirst) {
      turnCriticalIfAllowed(leaving);
    }
  }

  /**
   * Sidecars first; what the agent does not know is gone.
   *
   * @param look whether that is asked first, because it may have been done already
   */
  void deregister(Leaving leaving, boolean look) throws AgentException {
    for (String id : leaving.ids()) {
      if (!look || mayHold(id)) {
        agent.deregister(id);
      }
    }
    for (String id : leaving.ids()) {
      if (agent.holds(id)) {
        throw new AgentException(Kind.BROKEN, "the agent still holds " + id, null);
      }
    }
  }

  private boolean mayHold(String id) throws AgentException {
    try {
      return agent.holds(id);
    } catch (AgentException e) {
      if (e.kind().retryable()) {
        throw e;
      }
      return true;
    }
  }

  private void save(Leaving leaving) throws AgentException {
    for (Service service : leaving.services()) {
      agent.save(
          service.name(), entriesOf(service), mark -> fence.wasWrittenWith(service.id(), mark));
    }
  }

  private static List<String> entriesOf(Service service) {
    List<String> ids = new ArrayList<>();
    if (!service.orphan()) {
      ids.add(service.id());
    }
    if (service.hasSidecar()) {
      ids.add(service.sidecar());
    }
    return ids;
  }

  /**
   * What goes before must not keep a drain from deregistering; what may work soon is waited for.
   */
  private void turnCriticalIfAllowed(Leaving leaving) throws AgentException {
    try {
      turnCritical(leaving);
    } catch (AgentException e) {
      if (e.kind().retryable()) {
        throw e;
      }
      log.warn("{} is deregistered all the same: {}", leaving.group(), e.getMessage());
    }
  }

  private void turnCritical(Leaving leaving) throws AgentException {
    for (Service service : leaving.services()) {
      if (service.hasSidecar()) {
        agent.maintain(service.sidecar(), true, "connect-bridge drains it");
      }
    }
  }

  /** One that is wanted again must not stay critical by our own word. */
  void heal(Leaving leaving) throws AgentException {
    for (Service service : leaving.services()) {
      if (service.hasSidecar()) {
        agent.maintain(service.sidecar(), false, "");
      }
    }
  }

  /**
   * Has {@code proven} told once the catalog is seen without any of it.
   *
   * @param whose the agent that held it when it was to leave
   */
  Seeking seek(Leaving leaving, Optional<Identity> whose, Runnable proven) throws AgentException {
    return proof.seek(nodeOf(whose), names(leaving), proven);
  }

  /** A node may have another name by now; another agent's node never had it. */
  private String nodeOf(Optional<Identity> whose) throws AgentException {
    try {
      Identity now = agent.facts().identity();
      return whose.filter(one -> !one.id().equals(now.id())).orElse(now).name();
    } catch (AgentException e) {
      String before = whose.or(ours::known).map(Identity::name).orElse(node);
      if (e.kind() != Kind.FORBIDDEN || before.isEmpty()) {
        throw e;
      }
      return before;
    }
  }

  private static SortedMap<String, String> names(Leaving leaving) {
    SortedMap<String, String> names = new TreeMap<>();
    for (Service service : leaving.services()) {
      if (service.hasSidecar()) {
        names.put(service.sidecar(), service.name() + "-sidecar-proxy");
      }
      if (!service.orphan()) {
        names.put(service.id(), service.name());
      }
    }
    return names;
  }
}
