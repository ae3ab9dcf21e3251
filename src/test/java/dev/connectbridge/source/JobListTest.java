package dev.connectbridge.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.testing.Specs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobListTest {
  private final JobList list = new JobList("scheduler");

  @Test
  void untilSomethingIsHandedOverItIsUnknownWhatThereIs() {
    assertThat(list.read().complete()).isFalse();
    assertThat(list.read().problems()).hasSize(1);
  }

  @Test
  void itHoldsTheWholeSetThatWasHandedOverLastAndSaysSo() {
    List<JobSpec> jobs = Specs.file("a.hcl", Specs.job("name = \"web\"")).jobs();
    List<String> calls = new ArrayList<>();
    list.onChange(() -> calls.add("changed"));

    list.replace(jobs);

    assertThat(calls).containsExactly("changed");
    assertThat(list.read().files())
        .containsExactly(new Snapshot.File("scheduler/shop", jobs, List.of(), List.of()));
    list.replace(List.of());
    assertThat(list.read()).isEqualTo(new Snapshot(List.of(), true, List.of()));
    assertThat(calls).hasSize(2);
  }

  @Test
  void aListWithoutANameIsRefused() {
    assertThatThrownBy(() -> new JobList(" ")).isInstanceOf(IllegalArgumentException.class);
  }
}
