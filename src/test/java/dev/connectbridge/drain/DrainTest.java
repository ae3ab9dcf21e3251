package dev.connectbridge.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.drain.Drain.Request;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.drain.Receipt.Cause;
import dev.connectbridge.drain.Receipt.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrainTest {
  private static final Duration START = Duration.ofHours(7);
  private static final Service CART = new Service("_connect-bridge-a.b.cart", "cart", true, false);

  private DrainPolicy policy = DrainPolicy.DEFAULT;

  private Drain drain(Duration group, Task... tasks) {
    return Drain.begin(
        new Leaving("a", "shop.b[0]", "shop.hcl", List.of(CART), List.of(tasks), group),
        new Request(Cause.UNWANTED, START, false, Optional.empty()),
        policy);
  }

  private static Task task(int delay, int killTimeout) {
    return new Task("proxy", seconds(delay), seconds(killTimeout), "", "");
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static Duration at(long millis) {
    return START.plusMillis(millis);
  }

  /**
   * The timelines of the conformance corpus (sequences.json, Nomad 1.1.2): the group's delay, the
   * sidecar's, kill_timeout, and when signal and SIGKILL come. Zero is Nomad's 5 s by then.
   */
  @ParameterizedTest
  @CsvSource({
    "s01, 0, 0, 5,    30, 0",
    "s02, 3, 0, 5,  3000, 0",
    "s03, 0, 3, 5,  3000, 0",
    "s04, 3, 2, 5,  5000, 0",
    "s05, 0, 0, 3,    30, 3030",
    "s06, 2, 2, 3,  4000, 7000",
    "s07, 0, 0, 5,    30, 0",
    "s09, 0, 0, 5,    30, 5030",
  })
  void theSignalComesWhenNomadSendsItButNeverBeforeTheProof(
      String name, int group, int sidecar, int killTimeout, int signal, int kill) {
    Drain drain =
        drain(seconds(group), task(sidecar, killTimeout)).deregistered(at(20)).absent(at(30));

    assertThat(drain.due(at(signal - 1)).signals()).as(name).isEmpty();
    assertThat(drain.due(at(signal)).signals()).as(name).hasSize(1);

    Drain signalled = drain.signalled("proxy", at(signal));
    assertThat(signalled.due(at(signal)).signals()).isEmpty();
    if (kill > 0) {
      assertThat(signalled.due(at(kill - 1)).kills()).as(name).isEmpty();
      assertThat(signalled.due(at(kill)).kills()).as(name).hasSize(1);
      assertThat(signalled.killed("proxy", at(kill)).due(at(kill + 1)).kills()).isEmpty();
    }
  }

  @Test
  void withoutAProofTheSignalWaitsForTheFloor() {
    Drain drain = drain(Duration.ZERO, task(0, 5)).doubted("the catalog still holds it");

    assertThat(drain.due(at(1999)).signals()).isEmpty();
    assertThat(drain.due(at(1999)).next()).contains(at(2000));
    assertThat(drain.due(at(2000)).signals()).hasSize(1);
  }

  @Test
  void withoutAProofTheReceiptSaysWhy() {
    Drain drain =
        drain(Duration.ZERO, task(0, 5))
            .deregistered(at(20))
            .doubted("the catalog still holds it")
            .signalled("proxy", at(2000))
            .ended("proxy", at(2010), "exit code 0");

    assertThat(drain.isSettled(at(2010))).isTrue();
    assertThat(drain.receipt().verdict()).isEqualTo(Verdict.NOT_PROVEN);
    assertThat(drain.receipt().reason()).isEqualTo("the catalog still holds it");
  }

  @Test
  void aSignalThatIsHeldWaitsForTheProofThatComesLate() {
    policy = new DrainPolicy(seconds(2), Optional.of(seconds(60)), false);
    Drain drain = drain(Duration.ZERO, task(0, 5));

    assertThat(drain.due(at(59_999)).signals()).isEmpty();
    assertThat(drain.due(at(60_000)).signals()).hasSize(1);

    Drain late = drain.absent(at(30_000));

    assertThat(late.due(at(30_000)).signals()).hasSize(1);
    assertThat(late.receipt().verdict()).isEqualTo(Verdict.NOT_PROVEN);
    assertThat(late.receipt().reason()).isEqualTo("proven, but only after 30000 ms");
  }

  @Test
  void aTaskThatEndsByItselfIsNotSignalled() {
    Drain drain = drain(seconds(3), task(0, 5)).ended("proxy", at(10), "exit code 1");

    assertThat(drain.due(at(9000)).signals()).isEmpty();
    assertThat(drain.isSettled(at(20))).isFalse();
    assertThat(drain.absent(at(20)).isSettled(at(20))).isTrue();
  }

  @Test
  void whatIsWantedAgainBeforeTheSignalKeepsItsTask() {
    Drain drain = drain(seconds(3), task(0, 5)).absent(at(30)).wantedAgain(at(1000));

    assertThat(drain.due(at(9000)).signals()).isEmpty();
    assertThat(drain.isSettled(at(1000))).isTrue();
    assertThat(drain.receipt().verdict()).isEqualTo(Verdict.CANCELLED);
  }

  @Test
  void afterTheSignalThereIsNoWayBack() {
    Drain drain =
        drain(Duration.ZERO, task(0, 5))
            .absent(at(30))
            .signalled("proxy", at(30))
            .wantedAgain(at(31));

    assertThat(drain.isCancelled()).isFalse();
    assertThat(drain.isPastReturn()).isTrue();
  }

  @Test
  void inAHurryThereAreNoDelays() {
    Drain drain =
        Drain.begin(
                new Leaving("a", "g", "s", List.of(CART), List.of(task(5, 5)), seconds(30)),
                new Request(Cause.COMMAND, START, true, Optional.empty()),
                policy)
            .absent(at(40));

    assertThat(drain.due(at(40)).signals()).hasSize(1);
  }

  @Test
  void aDeadlineTakesThePlaceOfFloorAndDelays() {
    Drain drain =
        Drain.begin(
            new Leaving("a", "g", "s", List.of(CART), List.of(task(0, 5)), seconds(1)),
            new Request(Cause.COMMAND, START, false, Optional.of(seconds(9))),
            policy);

    assertThat(drain.due(at(8999)).signals()).isEmpty();
    assertThat(drain.due(at(9000)).signals()).hasSize(1);
  }

  @Test
  void aGroupWithoutTasksIsSettledWithItsProof() {
    Drain drain = drain(seconds(30));

    assertThat(drain.isSettled(at(10))).isFalse();
    assertThat(drain.deregistered(at(20)).absent(at(30)).isSettled(at(30))).isTrue();
    assertThat(drain.absent(at(30)).receipt().margin()).contains(Duration.ofMillis(29_970));
  }

  @Test
  void sidecarsGoBeforeTheirServices() {
    Leaving leaving =
        new Leaving(
            "a",
            "g",
            "s",
            List.of(CART, new Service("_connect-bridge-a.b.web", "web", true, false)),
            List.of(),
            Duration.ZERO);

    assertThat(leaving.ids())
        .containsExactly(
            "_connect-bridge-a.b.cart-sidecar-proxy",
            "_connect-bridge-a.b.web-sidecar-proxy",
            "_connect-bridge-a.b.cart",
            "_connect-bridge-a.b.web");
  }
}
