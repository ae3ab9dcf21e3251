package dev.connectbridge.testing;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The facts, on the simulated agent. */
class SimulatedFactsTest
    implements RegisteringFacts, LeavingFacts, ReadingFacts, RestartFacts, TokenFacts, LockFacts {
  private static SimulatedSubject dev;
  private static SimulatedSubject kept;
  private static SimulatedSubject guarded;

  @BeforeAll
  static void start() {
    dev = new SimulatedSubject(SimulatedAgent.Options.dev());
    kept = new SimulatedSubject(SimulatedAgent.Options.dev().withDirectory());
    guarded = new SimulatedSubject(SimulatedAgent.Options.dev().withAcls("master"));
  }

  @AfterAll
  static void stop() {
    dev.close();
    kept.close();
    guarded.close();
  }

  @Override
  public Subject dev() {
    return dev;
  }

  @Override
  public Subject kept() {
    return kept;
  }

  @Override
  public Subject guarded() {
    return guarded;
  }
}
