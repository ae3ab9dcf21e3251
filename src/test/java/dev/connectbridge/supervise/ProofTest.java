package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AbsenceProof;
import dev.connectbridge.consul.OurAgent;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.supervise.Proof.Seeking;
import dev.connectbridge.testing.FakeCatalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProofTest {
  @Test
  void aTaskWhoseServicesNobodyKnowsIsNotProvenAndNothingIsAsked() throws Exception {
    List<String> proven = new ArrayList<>();
    try (Proof proof = Proof.of(AbsenceProof.over(new FakeCatalog("node-1")))) {
      Seeking seeking = proof.seek("node-1", new TreeMap<>(), () -> proven.add("it"));

      assertThat(seeking.doubt()).contains("nobody knows");
      assertThat(proven).isEmpty();
    }
  }

  @Test
  void twoBridgesOfOneOwnerOnOneMachineHaveTasksOfTheirOwn() {
    assertThat(household("/a")).isNotEqualTo(household("/b")).isEqualTo("default@/a");
  }

  private static String household(String data) {
    return new Supervision(
            "default",
            "",
            OurAgent.ofProcess(),
            DrainPolicy.DEFAULT,
            Optional.of(Path.of(data)),
            Optional.empty(),
            List.of(),
            AgentAccess.NONE)
        .household();
  }
}
