package dev.connectbridge.testing;

import dev.connectbridge.testing.RealConsul.Options;
import dev.connectbridge.testing.RealConsul.Role;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** A real agent that is asked, and the one other server that it cannot do without. */
public final class RealCluster implements Subject.Dependent, AutoCloseable {
  /** Who is gone is missed within a second then, not within five to ten. */
  private static final String ALERT =
      "gossip_lan { probe_interval = \"200ms\" probe_timeout = \"100ms\" suspicion_mult = 1 }";

  /** Elections take a second then, not five to ten, and who waits for one gives up early. */
  private static final String QUICK =
      ALERT
          + " connect { enabled = true }"
          + " performance { raft_multiplier = 1 rpc_hold_timeout = \"2s\" }";

  private final RealConsul asked;
  private final RealConsul other;

  private RealCluster(RealConsul asked, RealConsul other) {
    this.asked = asked;
    this.other = other;
  }

  /** Starts two servers, of which each needs the other for a leader. */
  static RealCluster ofTwoServers() {
    RealConsul asked = RealConsul.launched(Options.in(Role.ONE_OF_TWO_SERVERS, "n1").with(QUICK));
    Options second = Options.in(Role.ONE_OF_TWO_SERVERS, "n2").with(QUICK).joining(asked);
    return started(asked, RealConsul.launched(second));
  }

  /** Starts a client agent and its server. */
  public static RealCluster ofClientAndServer() {
    RealConsul server = RealConsul.start(Options.in(Role.SERVER, "n2").with(QUICK));
    return started(
        RealConsul.launched(Options.in(Role.CLIENT, "n1").with(ALERT).joining(server)), server);
  }

  private static RealCluster started(RealConsul asked, RealConsul other) {
    RealCluster cluster = new RealCluster(asked, other);
    try {
      asked.awaitLeader();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  @Override
  public String address() {
    return asked.address();
  }

  @Override
  public String master() {
    return "";
  }

  @Override
  public void restart() {
    asked.terminate();
    asked.restart();
  }

  @Override
  public void loseServers() {
    other.kill();
    eventually("there is no leader", asked::isAlone);
  }

  @Override
  public void regainServers() {
    other.launch();
    eventually("they know each other", () -> asked.joins(other)); // by itself it takes 30 s
    asked.awaitLeader();
  }

  /** With servers that come back it compares within 3 s; otherwise it may take two minutes. */
  @Override
  public void untilItCompares() {
    other.kill();
    other.restart();
  }

  @Override
  public void eventually(String what, Callable<Boolean> holds) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(holds);
  }

  @Override
  public void close() {
    asked.close();
    other.close();
  }
}
