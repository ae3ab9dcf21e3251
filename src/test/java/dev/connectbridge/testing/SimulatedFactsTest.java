package dev.connectbridge.testing;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The facts, on the simulated agent. */
class SimulatedFactsTest
    implements RegisteringFacts,
        LeavingFacts,
        ReadingFacts,
        RestartFacts,
        TokenFacts,
        LockFacts,
        ClusterFacts,
        LimitFacts {
  private static SimulatedSubject dev;
  private static SimulatedSubject kept;
  private static SimulatedSubject guarded;
  private static SimulatedSubject bare;
  private static SimulatedSubject voter;
  private static SimulatedSubject client;

  @BeforeAll
  static void start() {
    dev = new SimulatedSubject(SimulatedAgent.Options.dev());
    kept = new SimulatedSubject(SimulatedAgent.Options.dev().withDirectory());
    guarded = new SimulatedSubject(SimulatedAgent.Options.dev().withAcls("master"));
    SimulatedAgent.Options few = SimulatedAgent.Options.dev().withConnections(FEW);
    bare = new SimulatedSubject(few.withoutConnect());
    voter = new SimulatedSubject(SimulatedAgent.Options.dev().withDirectory());
    client =
        new SimulatedSubject(SimulatedAgent.Options.dev().withDirectory(), SimulatedAgent::cutOff);
  }

  @AfterAll
  static void stop() {
    for (SimulatedSubject each : List.of(dev, kept, guarded, bare, voter, client)) {
      each.close();
    }
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

  @Override
  public Subject bare() {
    return bare;
  }

  @Override
  public Subject.Dependent voter() {
    return voter;
  }

  @Override
  public Subject.Dependent client() {
    return client;
  }
}
