package dev.connectbridge.consul;

import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes before deregistering. The agent removes an entry from the catalog with the token that
 * it was last written with, and where that one is dead by now, a row would stay there for good
 * (Consul 1.8.7): one identical write of ours keeps it from that. Who sends no token writes with
 * the agent's default one, which may have been replaced since.
 */
final class SavingWrite {
  private static final Logger log = LoggerFactory.getLogger(SavingWrite.class);

  private SavingWrite() {}

  /** Writes what may be another token's; see {@link AgentApi#save}. */
  static void of(AgentApi agent, String name, List<String> ids, Predicate<String> isWrittenWith)
      throws AgentException {
    String ours = agent.tokenMark();
    boolean known = !ours.isEmpty() && isWrittenWith.test(ours);
    if (known || (agent.tokenMark(name).isEmpty() && !agent.mayLendToken())) {
      return;
    }
    for (String id : ids) {
      asFarAsAllowed(agent, id);
    }
  }

  /** What goes before must not keep anything from being deregistered. */
  private static void asFarAsAllowed(AgentApi agent, String id) throws AgentException {
    try {
      agent.rewrite(id);
    } catch (AgentException e) {
      if (e.kind().retryable()) {
        throw e;
      }
      log.warn("{} is deregistered all the same: {}", id, e.getMessage());
    }
  }
}
