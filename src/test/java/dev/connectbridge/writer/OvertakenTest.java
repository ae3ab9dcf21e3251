package dev.connectbridge.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentApi.Status;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Written;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a writer may do that another one has followed. */
class OvertakenTest {
  private static final String OLD = "_connect-bridge-a.g.old";

  private final List<String> calls = new ArrayList<>();
  private final AtomicLong met = new AtomicLong();
  private Mandate mandate = Mandate.writer(1, "it is the writer");
  private final FencedAgent fenced =
      new FencedAgent(
          agent(),
          "default",
          () -> mandate,
          new FencedAgent.Lease() {
            @Override
            public void met(long epoch) {
              met.set(epoch);
            }

            @Override
            public boolean isLost() {
              return false;
            }
          });

  /** It holds an entry that the second writer has written. */
  private AgentApi agent() {
    Observed held =
        Observed.NOTHING.withWritten(List.of(new Written("_connect-bridge-a.g.new", "default", 2)));
    return (AgentApi)
        Proxy.newProxyInstance(
            AgentApi.class.getClassLoader(),
            new Class<?>[] {AgentApi.class},
            (proxy, method, args) -> {
              calls.add(method.getName());
              return switch (method.getName()) {
                case "observe" -> held;
                case "maintain", "updateCheck" -> true;
                case "tokenMark" -> "a token";
                default -> null;
              };
            });
  }

  @Test
  void whoeverHasSeenANewerWriterChangesNothingAnywhere() throws AgentException {
    fenced.observe();

    assertThatThrownBy(() -> fenced.deregister(OLD)).hasMessageContaining("epoch 2");
    assertThatThrownBy(() -> fenced.maintain(OLD, true, "")).hasMessageContaining("epoch 2");

    assertThat(calls).containsExactly("observe");
    assertThat(met).hasValue(2);
  }

  @Test
  void whoeverHasSeenANewerWriterReportsNoChecks() throws AgentException {
    fenced.observe();

    assertThatThrownBy(() -> fenced.updateCheck("c", Status.PASSING, ""))
        .hasMessageContaining("epoch 2");
    mandate = Mandate.standby("another has the lock");
    assertThatThrownBy(() -> fenced.updateCheck("c", Status.PASSING, ""))
        .hasMessageContaining("another bridge's turn");

    assertThat(calls).containsExactly("observe");
    assertThat(met).hasValue(2);
  }

  @Test
  void toReportACheckAsksNobodyFirst() throws AgentException {
    fenced.updateCheck("c", Status.PASSING, "");
    mandate = Mandate.writer(3, "it is the newest");
    fenced.observe();
    fenced.updateCheck("c", Status.PASSING, "");

    assertThat(calls).containsExactly("updateCheck", "observe", "updateCheck");
  }

  @Test
  void whatANewerWriterHasWrittenIsNotSavedEither() throws AgentException {
    fenced.observe();

    assertThatThrownBy(() -> fenced.save("old", List.of(OLD), mark -> false))
        .hasMessageContaining("epoch 2");

    assertThat(calls).doesNotContain("rewrite");
  }

  @Test
  void whoeverIsTheNewestGoesOn() throws AgentException {
    mandate = Mandate.writer(3, "it is the newest");
    fenced.observe();

    fenced.deregister(OLD);

    assertThat(calls).containsExactly("observe", "deregister");
  }

  @Test
  void whoseTurnIsOverWritesNothing() throws AgentException {
    mandate = Mandate.standby("another has the lock");
    fenced.observe();

    assertThatThrownBy(() -> fenced.deregister(OLD)).hasMessageContaining("another bridge's turn");
    assertThatThrownBy(() -> fenced.rewrite(OLD)).hasMessageContaining("another bridge's turn");

    assertThat(calls).containsExactly("observe");
  }
}
