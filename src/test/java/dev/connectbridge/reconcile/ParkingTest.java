package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.memory;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Ticker;
import dev.connectbridge.testing.FakeAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParkingTest {
  private static final Snapshot SHOP = all(file("shop", service("a"), service("b"), service("c")));

  private static final String OTHER = "service {\nname = \"d\"\nport = \"9002\"\n}";

  private final FakeAgent agent = new FakeAgent();
  private Duration now = Duration.ofHours(5);
  private double chance = 1;
  private final Reconciler reconciler =
      new Reconciler(agent, Settings.of("default"), memory(), Optional.empty(), new Dice());
  private String bad;

  private final class Dice implements Ticker {
    @Override
    public Duration now() {
      return now;
    }

    @Override
    public double chance() {
      return chance;
    }
  }

  @BeforeEach
  void findTheBadOne() {
    reconciler.pass(SHOP);
    bad = "register " + Shop.id(agent, "b");
    agent.hold(Observed.NOTHING).writes();
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "FORBIDDEN"})
  void whatIsRefusedHoldsUpNobodyAndIsTriedAgainAfterAMinuteThenMoreSlowly(Kind kind) {
    agent.fail(bad, kind);

    Outcome first = reconciler.pass(SHOP);

    assertThat(names(agent)).containsExactly("a", "c");
    assertThat(first.failures())
        .extracting(failure -> failure.error().kind())
        .containsExactly(kind);
    assertThat(minutesUntilTheNextTries(5)).containsExactly(1L, 2L, 4L, 8L, 10L);
  }

  @Test
  void aParkedItemIsStillAFailureOfEachPass() {
    agent.fail(bad, Kind.FORBIDDEN);
    Outcome first = reconciler.pass(SHOP);
    agent.writes();

    Outcome second = reconciler.pass(SHOP);

    assertThat(agent.writes()).isEmpty();
    assertThat(second.failures()).isEqualTo(first.failures());
    assertThat(second.done()).isFalse();
  }

  @Test
  void anotherTokenOfItsServiceFreesAnItemAtOnce() {
    agent.carry("b", "unreadable");
    agent.fail(bad, Kind.FORBIDDEN);
    reconciler.pass(SHOP);
    agent.heal();
    agent.carry("a", "another");
    reconciler.pass(SHOP);
    assertThat(names(agent)).containsExactly("a", "c");

    agent.carry("b", "new");

    assertThat(reconciler.pass(SHOP).done()).isTrue();
  }

  @Test
  void otherItemsAreWrittenMeanwhile() {
    agent.fail(bad, Kind.REFUSED);
    reconciler.pass(SHOP);
    agent.writes();

    reconciler.pass(all(SHOP.files().get(0), file("more", OTHER)));

    assertThat(agent.writes()).hasSize(1);
    assertThat(names(agent)).containsExactly("a", "c", "d");
  }

  @Test
  void anotherSpecIsWrittenAtOnce() {
    agent.fail(bad, Kind.REFUSED);
    reconciler.pass(SHOP);
    agent.heal();
    agent.writes();

    reconciler.pass(
        all(file("shop", service("a"), service("b", "tags = [\"new\"]\n"), service("c"))));

    assertThat(agent.writes()).containsExactly(bad);
    assertThat(names(agent)).containsExactly("a", "b", "c");
  }

  @Test
  void anotherTokenIsTriedAtOnce() {
    agent.carry("weak");
    agent.fail(bad, Kind.FORBIDDEN);
    reconciler.pass(SHOP);
    agent.heal();
    reconciler.pass(SHOP);
    assertThat(names(agent)).containsExactly("a", "c");

    agent.carry("strong");
    reconciler.pass(SHOP);

    assertThat(names(agent)).containsExactly("a", "b", "c");
  }

  @Test
  void aTokenThatComesWhileTheAgentStillRefusesIsAnotherOne() {
    Parking parking = new Parking(agent, () -> now);
    agent.carry("weak");
    assertThatThrownBy(
            () ->
                parking.step(
                    "item",
                    "wanted",
                    () -> {
                      agent.carry("strong");
                      throw new AgentException(Kind.FORBIDDEN, "403", null);
                    }))
        .isInstanceOf(AgentException.class);

    assertThat(parking.isFreed()).isTrue();
    assertThatCode(() -> parking.step("item", "wanted", () -> {})).doesNotThrowAnyException();
    assertThat(parking.isFreed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"BROKEN", "OVERLOADED", "TIMEOUT", "GARBLED"})
  void whatFailsIsLeftToOthersForAMoment(Kind kind) {
    agent.fail(bad, kind);
    reconciler.pass(SHOP);
    assertThat(names(agent)).containsExactly("a", "c");
    agent.heal();
    agent.writes();

    reconciler.pass(SHOP);
    assertThat(agent.writes()).isEmpty();

    now = now.plusMillis(500);
    reconciler.pass(SHOP);
    assertThat(names(agent)).containsExactly("a", "b", "c");
  }

  @Test
  void anItemWaitsAQuarterOfItsLongestPauseForOthersSoThatTheyNeedOnePass() {
    chance = 0.5;
    agent.fail(bad, Kind.BROKEN);
    reconciler.pass(SHOP);
    String item = bad.substring("register ".length());

    assertThat(reconciler.due()).containsOnly(Map.entry(item, Duration.ofMillis(255 + 125)));

    now = now.plusSeconds(1);
    assertThat(reconciler.due()).containsOnly(Map.entry(item, Duration.ofMillis(125)));
    reconciler.pass(SHOP);
    assertThat(reconciler.due()).containsOnly(Map.entry(item, Duration.ofMillis(505 + 250)));
  }

  @Test
  void manyThatFailAtOneMomentDoNotComeBackAtAnother() {
    agent.fail(bad, Kind.BROKEN);
    chance = 0.5;
    reconciler.pass(SHOP);
    agent.heal();

    now = now.plusMillis(254);
    assertThat(reconciler.pass(SHOP).done()).isFalse();
    now = now.plusMillis(1);
    assertThat(reconciler.pass(SHOP).done()).isTrue();
  }

  @Test
  void whatIsRefusedIsLeftAloneForAWhileWhateverChanceSays() {
    agent.fail(bad, Kind.REFUSED);
    chance = 0;
    reconciler.pass(SHOP);
    agent.heal();

    now = now.plusSeconds(9);
    assertThat(reconciler.pass(SHOP).done()).isFalse();
    now = now.plusSeconds(1);
    assertThat(reconciler.pass(SHOP).done()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"UNREACHABLE", "NOT_SENT"})
  void anAgentThatIsAwayParksNothingAndEndsThePass(Kind kind) {
    agent.fail(bad, kind);
    reconciler.pass(SHOP);
    assertThat(names(agent)).containsExactly("a");
    agent.heal();

    reconciler.pass(SHOP);

    assertThat(names(agent)).containsExactly("a", "b", "c");
  }

  @Test
  void whatWasWrittenOnceIsNotSuspectedAnyMore() {
    agent.fail(bad, Kind.REFUSED);
    reconciler.pass(SHOP);
    agent.heal();
    now = now.plusMinutes(1);
    reconciler.pass(SHOP);
    assertThat(names(agent)).containsExactly("a", "b", "c");
    agent.hold(Observed.NOTHING);
    agent.fail(bad, Kind.REFUSED);

    reconciler.pass(SHOP);
    agent.writes();

    assertThat(minutesUntilTheNextTries(2)).containsExactly(1L, 2L);
  }

  @Test
  void aSyncOfOnceTriesEverything() {
    Reconciler once = new Reconciler(agent, Settings.of("default"), memory());
    agent.fail(bad, Kind.REFUSED);
    once.pass(SHOP);
    agent.writes();

    once.pass(SHOP);

    assertThat(agent.writes()).containsExactly(bad);
  }

  /** Passes every 30 seconds, as the loop does. */
  private List<Long> minutesUntilTheNextTries(int tries) {
    List<Long> minutes = new ArrayList<>();
    Duration last = now;
    while (minutes.size() < tries) {
      now = now.plusSeconds(30);
      agent.writes();
      reconciler.pass(SHOP);
      if (agent.writes().contains(bad)) {
        minutes.add(now.minus(last).toMinutes());
        last = now;
      }
    }
    return minutes;
  }

  @Test
  void aTokenIsToldOfOnceThoughThePassThatItIsForComesToNothing() {
    agent.carry("weak");
    agent.fail(bad, Kind.FORBIDDEN);
    reconciler.pass(SHOP);
    agent.carry("strong");
    agent.fail("observe", Kind.OVERLOADED);

    assertThat(reconciler.isFreed()).isTrue();
    reconciler.pass(SHOP);
    assertThat(reconciler.isFreed()).isFalse();

    agent.heal();
    assertThat(reconciler.pass(SHOP).done()).isTrue();
  }
}
