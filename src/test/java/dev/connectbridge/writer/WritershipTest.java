package dev.connectbridge.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.CatalogApi.Held;
import dev.connectbridge.consul.ConsulAgent;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.testing.InProcess;
import dev.connectbridge.testing.SimulatedAgent;
import dev.connectbridge.testing.VirtualTime;
import dev.connectbridge.writer.Mandate.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritershipTest {
  private static final String KEY = "connect-bridge/default/n1/writer";

  @TempDir private Path data;

  private final VirtualTime time = new VirtualTime();
  private final SimulatedAgent agent =
      new SimulatedAgent(SimulatedAgent.Options.dev().withAcls("master"), time);
  private String token = "master";
  private final ConsulAgent client =
      ConsulAgent.at(
          HttpTransport.answeredBy(
              new HttpTransport.Options("http://127.0.0.1:8500", () -> Optional.of(token)),
              new InProcess(agent, time::advance)));
  private final List<String> trace = new ArrayList<>();
  private boolean files = true;

  private Writership writership;

  @BeforeEach
  void create() {
    writership = new Writership(() -> files, Optional.of(candidate()), new Turns(), this::now);
  }

  private Duration now() {
    return Duration.between(Instant.EPOCH, time.instant());
  }

  private Candidate candidate() {
    return new Candidate(
        client.locks(), () -> "n1", "default", new Tenure(Optional.of(data)), this::now);
  }

  /** Notes whose turn it is, and whether the lock in Consul was held at that moment. */
  private final class Turns implements Writership.Turn {
    @Override
    public void begin() {
      trace.add("begin, " + (isLocked() ? "locked" : "free"));
    }

    @Override
    public void stepDown() {
      trace.add("step down, " + (isLocked() ? "locked" : "free"));
    }
  }

  private boolean isLocked() {
    String before = token;
    token = "master";
    try {
      Held key = client.locks().read(KEY);
      return key.session().isPresent();
    } catch (AgentException e) {
      throw new IllegalStateException(e);
    } finally {
      token = before;
    }
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void whoeverLosesTheLocksOfFilesStepsDownBeforeAnotherCanHaveTheLockInConsul() {
    writership.step();
    files = false;

    writership.step();

    assertThat(writership.mandate().state()).isEqualTo(State.STANDBY);
    assertThat(trace).containsExactly("begin, locked", "step down, locked");
    assertThat(isLocked()).isFalse();
  }

  @Test
  void whoeverHasTheFilesAgainIsANewerWriter() {
    writership.step();
    files = false;
    writership.step();
    files = true;

    writership.step();

    assertThat(writership.mandate())
        .isEqualTo(new Mandate(State.WRITER, 2, 2, "it has the lock of " + KEY));
    assertThat(trace).hasSize(3).endsWith("begin, locked");
  }

  @Test
  void whoeverMayNotSeeTheLockAnyMoreLooksAtTheOthersProcessAndSeldomAsksConsul() {
    Candidate other =
        new Candidate(
            client.locks(), () -> "n1", "default", new Tenure(Optional.empty()), this::now);
    other.seek();
    Duration sees = writership.step();
    token = "";

    Duration blind = writership.step();

    assertThat(sees).isEqualTo(Duration.ofMinutes(10));
    assertThat(blind).isEqualTo(Duration.ofSeconds(15));
    assertThat(writership.mandate().state()).isEqualTo(State.STANDBY);
    assertThat(writership.isNews()).isFalse();
    other.abandon();
    assertThat(writership.isNews()).isTrue();
    writership.step();
    assertThat(writership.mandate().state()).isEqualTo(State.ALONE);
    assertThat(trace).hasSize(1);
  }
}
