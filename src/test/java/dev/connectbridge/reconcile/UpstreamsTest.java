package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.id;
import static dev.connectbridge.reconcile.Shop.reconciler;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.FakeAgent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The upstreams of a sidecar, of which Consul keeps the order. */
class UpstreamsTest {
  private static final List<List<String>> CHANGES =
      List.of(
          List.of("mail:8002", "db:8001"),
          List.of("mail:8002"),
          List.of("mail:8002", "db:8001", "web:8003"),
          List.of("mail:8004", "db:8001", "web:8003"),
          List.of("mail:8004", "cart:8001", "web:8003"),
          List.of());

  private final FakeAgent agent = new FakeAgent();
  private final Reconciler reconciler = reconciler(agent);

  private static Snapshot wanted(List<String> upstreams) {
    StringBuilder blocks = new StringBuilder();
    for (String upstream : upstreams) {
      int colon = upstream.indexOf(':');
      blocks.append(
          "upstreams {\ndestination_name = \"%s\"\nlocal_bind_port = %s\n}\n"
              .formatted(upstream.substring(0, colon), upstream.substring(colon + 1)));
    }
    String connect = "connect {\nsidecar_service {\nproxy {\n%s}\n}\n}\n".formatted(blocks);
    return all(file("shop", service("shop", connect)));
  }

  private List<String> held() {
    return Shop.held(agent, "shop").sidecar().orElseThrow().proxy().upstreams().stream()
        .map(upstream -> upstream.destinationName() + ":" + upstream.localBindPort())
        .toList();
  }

  @Test
  void oneMoreOrLessOrAnotherOrAnotherOrderIsOneWriteAndTheSameAgainIsNone() {
    reconciler.pass(wanted(List.of("db:8001", "mail:8002")));
    agent.writes();

    for (List<String> upstreams : CHANGES) {
      reconciler.pass(wanted(upstreams));
      assertThat(agent.writes()).containsExactly("register " + id(agent, "shop"));
      assertThat(held()).isEqualTo(upstreams);

      reconciler.pass(wanted(upstreams));
      assertThat(agent.writes()).isEmpty();
    }
  }
}
