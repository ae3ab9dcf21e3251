package dev.connectbridge.supervise;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.supervise.Proof.Seeking;
import java.util.ArrayList;
import java.util.List;
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
  private final Proof proof;
  private final Fence fence;
  private final boolean criticalFirst;

  AgentSide(Edges edges, boolean criticalFirst) {
    this.agent = edges.agent();
    this.proof = edges.proof();
    this.fence = edges.fence();
    this.criticalFirst = criticalFirst;
  }

  /** Waits for the writes that are under way, and does what goes before deregistering. */
  void prepare(Leaving leaving) throws AgentException, InterruptedException {
    fence.awaitQuiet(leaving.serviceIds());
    asFarAsAllowed(leaving, this::save);
    if (criticalFirst) {
      asFarAsAllowed(leaving, this::turnCritical);
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

  /**
   * What goes before must not keep a drain from deregistering; what may work soon is waited for.
   */
  private static void asFarAsAllowed(Leaving leaving, Step step) throws AgentException {
    try {
      step.on(leaving);
    } catch (AgentException e) {
      if (e.kind().retryable()) {
        throw e;
      }
      log.warn("{} is deregistered all the same: {}", leaving.group(), e.getMessage());
    }
  }

  /**
   * An entry that was written with another token than ours, which may be dead by now, would leave a
   * row in the catalog for good (Consul 1.8.7): one identical write of ours keeps it from that.
   */
  private void save(Leaving leaving) throws AgentException {
    String mark = agent.tokenMark();
    for (Service service : leaving.services()) {
      if (!mark.isEmpty() && !fence.wasWrittenWith(service.id(), mark)) {
        for (String id : entriesOf(service)) {
          agent.rewrite(id);
        }
      }
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

  /** Has {@code proven} told once the catalog is seen without any of it. */
  Seeking seek(Leaving leaving, Runnable proven) throws AgentException {
    return proof.seek(names(leaving), proven);
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

  /** Something that the agent may refuse. */
  @FunctionalInterface
  private interface Step {
    void on(Leaving leaving) throws AgentException;
  }
}
