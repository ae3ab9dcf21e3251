package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.Specs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real Consul says of who else passes. */
class LastInstanceIT {
  private static final String ELSEWHERE =
      """
      {"Node": "n2", "Address": "127.0.0.2",
       "Service": {"ID": "%s", "Service": "last", "Port": 9001},
       "Check": {"CheckID": "c", "Name": "c", "ServiceID": "%s", "Status": "%s"}}
      """;

  @TempDir private Path run;
  private volatile Snapshot files =
      new Snapshot(
          List.of(Specs.file("a.hcl", Specs.job("name = \"last\"\nport = \"9001\""))),
          true,
          List.of());

  @Test
  void theLastInstanceStaysUntilAnotherNodeHasOneThatPasses() {
    try (RealConsul consul = RealConsul.dev();
        Bridge bridge =
            Bridge.builder()
                .consul(consul.address())
                .runDirectory(run)
                .keepLastInstance(true)
                .source(() -> files)
                .build()) {
      assertThat(bridge.runOnce().done()).isTrue();
      String id =
          consul.get("/v1/agent/services").replaceAll("(?s).*\"ID\":\\s*\"([^\"]+)\".*", "$1");
      files = new Snapshot(List.of(), true, List.of());

      assertThat(why(bridge.runOnce())).isEqualTo("no other instance of last passes");
      consul.put("/v1/catalog/register", ELSEWHERE.formatted(id, id, "critical"));
      assertThat(bridge.runOnce().withheld()).isPresent();

      // An ID is a node's own: the same one elsewhere is another instance.
      consul.put("/v1/catalog/register", ELSEWHERE.formatted(id, id, "passing"));
      assertThat(bridge.runOnce().done()).isTrue();
      assertThat(consul.get("/v1/agent/services").strip()).isEqualTo("{}");
    }
  }

  private static String why(Outcome outcome) {
    return outcome.withheld().orElseThrow().why();
  }
}
