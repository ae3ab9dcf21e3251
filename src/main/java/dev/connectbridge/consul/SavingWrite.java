package dev.connectbridge.consul;

import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes before deregistering. The agent removes an entry from the catalog with the token that
 * it was last written with, and where that one is dead by now, a row would stay there for good
 * (Consul 1.8.7): one identical write of ours keeps it from that.
 */
final class SavingWrite {
  private static final Logger log = LoggerFactory.getLogger(SavingWrite.class);

  private SavingWrite() {}

  /** Writes what may be another token's; see {@link AgentApi#save}. */
  static void of(AgentApi agent, String name, List<String> ids, Predicate<String> isWrittenWith)
      throws AgentException {
    if (agent.tokenMark(name).isEmpty() || isWrittenWith.test(agent.tokenMark())) {
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
