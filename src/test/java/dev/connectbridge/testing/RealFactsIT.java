package dev.connectbridge.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same facts, on the real agent. */
class RealFactsIT
    implements RegisteringFacts, LeavingFacts, ReadingFacts, RestartFacts, TokenFacts, LockFacts {
  private static final String MASTER = "11111111-2222-3333-4444-555555555555";
  private static Real dev;
  private static Real kept;
  private static Real guarded;

  @BeforeAll
  static void start() {
    RealConsul.Options plain = RealConsul.Options.dev().withSidecarPorts(28700, 28799);
    dev = new Real(RealConsul.start(plain), "");
    kept = new Real(RealConsul.start(RealConsul.Options.persistentServer()), "");
    guarded = new Real(RealConsul.start(RealConsul.Options.dev().withAcls(MASTER)), MASTER);
  }

  @AfterAll
  static void stop() {
    for (Real each : new Real[] {dev, kept, guarded}) {
      if (each != null) {
        each.consul.close();
      }
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

  private record Real(RealConsul consul, String master) implements Subject {
    @Override
    public String address() {
      return consul.address();
    }

    @Override
    public void restart() {
      consul.terminate();
      consul.restart();
    }

    @Override
    public void eventually(String what, Callable<Boolean> holds) {
      Awaitility.await(what)
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(20))
          .until(holds);
    }
  }
}
