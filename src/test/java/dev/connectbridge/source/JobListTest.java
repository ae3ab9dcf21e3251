package dev.connectbridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.testing.Specs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobListTest {

  @Test
  void itHoldsTheWholeSetThatWasHandedOverLastAndSaysSo() {
    List<JobSpec> jobs = Specs.file("a.hcl", Specs.job("name = \"web\"")).jobs();
    List<String> calls = new ArrayList<>();
    JobList list = new JobList("scheduler");
    list.onChange(() -> calls.add("changed"));

    list.replace(jobs);

    assertThat(calls).containsExactly("changed");
    assertThat(list.read())
        .isEqualTo(
            new Snapshot(
                List.of(new Snapshot.File("scheduler", jobs, List.of(), List.of())),
                true,
                List.of()));
    list.replace(List.of());
    assertThat(list.read().files().get(0).jobs()).isEmpty();
  }
}
