package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.spec.ConnectSpec.SidecarTask;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.JobSpec.AllocatedPort;
import dev.connectbridge.spec.TaskSpec;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Allocations as the HTTP API returns them. */
class AllocationTest {
  private static final String TEXT = Texts.resource("allocation.json");

  private static JobSpec read(String text) {
    Parsed parsed = SpecParser.parse("allocation.json", text);
    assertThat(parsed.problems()).isEmpty();
    assertThat(parsed.warnings()).isEmpty();
    return parsed.jobs().get(0);
  }

  @Test
  void itSaysWhatNomadDecided() {
    JobSpec.Allocation allocation = read(TEXT).allocation().orElseThrow();

    assertThat(allocation.id()).isEqualTo("5f3c1c7e-0000-4000-8000-000000000007");
    assertThat(allocation.name()).isEqualTo("shop.web[7]");
    assertThat(allocation.index()).isEqualTo(7);
    assertThat(allocation.nodeId()).isEqualTo("71836107-0000-4000-8000-000000000001");
    assertThat(allocation.nodeName()).isEqualTo("node-1");
    assertThat(allocation.hostAddress()).isEqualTo("10.99.0.1");
    assertThat(allocation.groupAddress()).isEqualTo("172.26.64.22");
    assertThat(allocation.ports())
        .containsExactly(
            new AllocatedPort("http", 20078, 9001, "10.99.0.1"),
            new AllocatedPort("connect-proxy-shop-web", 31158, 31158, "10.99.0.1"));
    assertThat(allocation.stopped()).isFalse();
  }

  @Test
  void onlyItsOwnGroupIsLeftOfTheJob() {
    assertThat(read(TEXT).groups()).extracting(GroupSpec::name).containsExactly("web");
  }

  @Test
  void theProxyTaskIsAmongTheTasks() {
    assertThat(read(TEXT).groups().get(0).tasks())
        .extracting(TaskSpec::kind)
        .containsExactly("", "connect-proxy:shop-web");
  }

  @Test
  void whatTheServerFilledInCountsAsSet() {
    SidecarTask task =
        read(TEXT)
            .groups()
            .get(0)
            .services()
            .get(0)
            .connect()
            .orElseThrow()
            .sidecarTask()
            .orElseThrow();

    assertThat(task.shutdownDelay()).contains(Duration.ZERO);
    assertThat(task.killTimeout()).contains(Duration.ofSeconds(5));
    assertThat(task.resources())
        .isEqualTo(
            new TaskSpec.Resources(
                OptionalInt.of(100),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty()));
  }

  @Test
  void anArrayHoldsSeveral() {
    assertThat(SpecParser.parse("allocations.json", "[" + TEXT + "," + TEXT + "]").jobs())
        .hasSize(2);
  }

  @Test
  void portsAreReadFromTheNetworksWhereThereIsNoListOfThem() {
    assertThat(read(TEXT.replace("\"Ports\"", "\"NoPorts\"")).allocation().orElseThrow().ports())
        .isEqualTo(
            List.of(
                new AllocatedPort("admin", 29001, 0, "10.99.0.1"),
                new AllocatedPort("http", 20078, 9001, "10.99.0.1")));
  }

  // spotless:off
  @ParameterizedTest
  @CsvSource({
      "run,   pending,  false",
      "run,   running,  false",
      "run,   complete, true",
      "run,   failed,   true",
      "run,   lost,     true",
      "stop,  running,  true",
      "evict, running,  true",
  })
  // spotless:on
  void itIsStoppedWhenNomadWantsItSoOrItHasEnded(String desired, String client, boolean stopped) {
    String text =
        TEXT.replace("\"DesiredStatus\": \"run\"", "\"DesiredStatus\": \"" + desired + "\"")
            .replace("\"ClientStatus\": \"running\"", "\"ClientStatus\": \"" + client + "\"");

    assertThat(read(text).allocation().orElseThrow().stopped()).isEqualTo(stopped);
  }

  @Test
  void whatAnotherGroupOfTheJobSaysIsNotItsConcern() {
    String text = TEXT.replace("\"Count\": 2", "\"Count\": \"many\"");

    assertThat(text).isNotEqualTo(TEXT);
    assertThat(Texts.problems("allocation.json", text)).isEmpty();
  }

  @Test
  void anEntryOfAListWithoutItsJobIsTold() {
    assertThat(
            Texts.problems(
                "x.json",
                "[{\"ID\":\"a\",\"Name\":\"j.g[0]\",\"TaskGroup\":\"g\",\"ClientStatus\":\"running\"}]"))
        .containsExactly(
            "1:2: the allocation lacks its Job, as in lists of allocations;"
                + " the API returns it with the allocation itself");
  }

  @Test
  void aGroupThatTheJobLacksIsTold() {
    assertThat(
            Texts.problems(
                "x.json", TEXT.replace("\"TaskGroup\": \"web\"", "\"TaskGroup\": \"x\"")))
        .singleElement()
        .asString()
        .endsWith("the Job has no group \"x\"");
  }

  @Test
  void aNameWithoutAnIndexIsTold() {
    assertThat(Texts.problems("x.json", TEXT.replace("shop.web[7]", "shop.web")))
        .singleElement()
        .asString()
        .endsWith("expected job.group[index], found \"shop.web\"");
  }

  @Test
  void noAllocationsAtAllIsNoProblem() {
    for (String none : new String[] {"[]", " [ \n ]\n"}) {
      Parsed parsed = SpecParser.parse("allocations.json", none);

      assertThat(parsed.problems()).isEmpty();
      assertThat(parsed.jobs()).isEmpty();
    }
    assertThat(SpecParser.parse("allocations.json", "{}").problems()).isNotEmpty();
    assertThat(SpecParser.parse("allocations.json", "").problems()).isNotEmpty();
  }
}
