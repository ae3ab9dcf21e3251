package dev.connectbridge.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same facts, on the real agent. */
@RunsBeside
class RealFactsIT
    implements RegisteringFacts,
        LeavingFacts,
        ReadingFacts,
        RestartFacts,
        TokenFacts,
        LockFacts,
        ClusterFacts,
        LimitFacts {
  private static final String MASTER = "11111111-2222-3333-4444-555555555555";
  private static final String BARE =
      "connect { enabled = false } ports { grpc = -1 } limits { http_max_conns_per_client = %d }";

  private static Real dev;
  private static Real kept;
  private static Real guarded;
  private static Real bare;
  private static RealCluster voter;
  private static RealCluster client;

  @BeforeAll
  static void start() {
    RealConsul.Options plain = RealConsul.Options.dev().withSidecarPorts(28700, 28799);
    dev = new Real(RealConsul.start(plain), "");
    kept = new Real(RealConsul.start(RealConsul.Options.persistentServer()), "");
    guarded = new Real(RealConsul.start(RealConsul.Options.dev().withAcls(MASTER)), MASTER);
    bare = new Real(RealConsul.start(RealConsul.Options.dev().with(BARE.formatted(FEW))), "");
    voter = RealCluster.ofTwoServers();
    client = RealCluster.ofClientAndServer();
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {dev, kept, guarded, bare, voter, client}) {
      if (each != null) {
        each.close();
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

  private record Real(RealConsul consul, String master) implements Subject, AutoCloseable {
    @Override
    public String address() {
      return consul.address();
    }

    @Override
    public void close() {
      consul.close();
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
