package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.memory;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.converge.ConvergenceBook;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Ticker;
import dev.connectbridge.testing.FakeAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The whole loop in virtual time: how soon what was lost is back, whatever else keeps failing. */
class HealingTest {
  private static final Duration RESYNC = Duration.ofSeconds(30);
  private static final Duration HOUR = Duration.ofHours(1);

  /** A list that misses something is looked at for 300 ms, and a burst of news for 8 ms. */
  private static final Duration AT_MOST = Duration.ofMillis(310);

  private final FakeAgent agent = new FakeAgent();
  private final Hour hour = new Hour();
  private final List<Duration> tries = new ArrayList<>();
  private final List<Duration> writes = new ArrayList<>();
  private DoubleSupplier chance = () -> 1;
  private Snapshot files = all(file("shop", service("a"), service("b")));
  private final String bad = register("a");
  private final String good = register("b");
  private final Loop loop =
      new Loop(
          agent,
          () -> files,
          new Reconciler(agent, Settings.of("default"), memory(), Optional.empty(), hour),
          RESYNC,
          true,
          Optional.empty(),
          new ConvergenceBook("default"),
          hour);

  /** A clock that goes on when the loop waits, and by which things happen meanwhile. */
  private final class Hour implements Ticker {
    private final TreeMap<Duration, Runnable> events = new TreeMap<>();
    private Duration now = Duration.ZERO;

    @Override
    public Duration now() {
      return now;
    }

    @Override
    public double chance() {
      return chance.getAsDouble();
    }

    @Override
    public void pause(Duration time) {
      now = now.plus(time);
    }

    @Override
    public boolean await(Semaphore signal, Duration longest) {
      Duration end = now.plus(longest);
      while (!signal.tryAcquire()) {
        Map.Entry<Duration, Runnable> next = events.firstEntry();
        if (next == null || next.getKey().compareTo(end) > 0) {
          now = end;
          return false;
        }
        events.pollFirstEntry();
        now = now.compareTo(next.getKey()) > 0 ? now : next.getKey();
        next.getValue().run();
      }
      return true;
    }

    private void at(Duration time, Runnable what) {
      events.merge(
          time,
          what,
          (one, other) ->
              () -> {
                one.run();
                other.run();
              });
    }
  }

  /** Returns the call by which a service of these files is registered. */
  private String register(String name) {
    FakeAgent other = new FakeAgent();
    Shop.reconciler(other).pass(files);
    return "register " + Shop.id(other, name);
  }

  private void live() {
    agent.during(bad, () -> tries.add(hour.now()));
    agent.during(good, () -> writes.add(hour.now()));
    hour.at(HOUR, loop::stop);
    loop.run();
  }

  private void loses(Duration when) {
    hour.at(
        when,
        () -> {
          agent.hold(Observed.NOTHING);
          agent.tellWatcher();
        });
  }

  @Test
  void whatTheAgentLostIsWrittenAThirdOfASecondAfterTheNews() {
    Duration lost = Duration.ofMinutes(10).plusMillis(17);
    loses(lost);

    live();

    assertThat(writes).hasSize(2);
    assertThat(writes.get(1).minus(lost)).isLessThanOrEqualTo(AT_MOST);
    assertThat(names(agent)).containsExactly("a", "b");
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"UNREACHABLE", "NOT_SENT"})
  void whatTheAgentLostIsWrittenAsSoonWhileAnotherFailsForEver(Kind kind) {
    agent.fail(bad, kind);
    List<Duration> losses =
        List.of(
            Duration.ofMillis(300),
            Duration.ofSeconds(33),
            Duration.ofMinutes(10).plusMillis(17),
            Duration.ofMinutes(59));
    losses.forEach(this::loses);

    live();

    assertThat(writes).hasSize(1 + losses.size());
    for (int i = 0; i < losses.size(); i++) {
      assertThat(writes.get(i + 1).minus(losses.get(i))).isBetween(Duration.ZERO, AT_MOST);
    }
  }

  @Test
  void oneThatFailsForEverDoesNotMakeAnotherWaitThatFailedOnce() {
    agent.fail(bad, Kind.BROKEN);
    agent.fail(good, Kind.BROKEN);
    Duration healed = Duration.ofMinutes(20);
    hour.at(
        healed.minusMillis(1),
        () -> {
          files = all(file("shop", service("a"), service("b", "tags = [\"new\"]\n")));
          loop.wake();
        });
    hour.at(
        healed.plusMillis(9),
        () -> {
          agent.heal();
          agent.fail(bad, Kind.BROKEN);
        });

    live();

    List<Duration> since =
        writes.stream().filter(time -> time.compareTo(healed.minusMillis(1)) > 0).toList();
    assertThat(since).hasSize(2);
    assertThat(since.get(1).minus(since.get(0)))
        .isBetween(Duration.ofMillis(500), Duration.ofMillis(625));
  }

  @Test
  void newsFiveTimesASecondMakesWhatFailsNoMoreFrequent() {
    agent.fail(bad, Kind.BROKEN);
    for (int i = 0; i < 900; i++) {
      hour.at(Duration.ofMillis(200L * i), agent::tellWatcher);
    }

    live();

    // half a second, doubled until it is 30 s, and from then on twice a minute
    assertThat(tries).hasSizeBetween(90, 126);
    for (int i = 6; i < tries.size() - 1; i++) {
      assertThat(tries.get(i + 1).minus(tries.get(i))).isGreaterThanOrEqualTo(RESYNC);
    }
    assertThat(writes).hasSize(1);
    assertThat(agent.count("observe")).isGreaterThan(900);
  }

  @Test
  void aWriteThatChangesWhatIsWatchedAndFailsIsOnePassMoreAndNoneAfterThat() {
    agent.fail(bad, Kind.BROKEN);
    agent.during(bad, () -> hour.at(hour.now().plusMillis(1), agent::tellWatcher));
    hour.at(HOUR, loop::stop);

    loop.run();

    long failed = agent.count(bad);
    assertThat(failed).isBetween(100L, 126L);
    assertThat(agent.count("observe")).isBetween(2 * failed, 3 * failed + 120);
  }

  @Test
  void manyThatFailForEverNeedFewPasses() {
    SplittableRandom random = new SplittableRandom(7);
    chance = random::nextDouble;
    String[] many = IntStream.range(0, 100).mapToObj(i -> service("s" + i)).toArray(String[]::new);
    files = all(file("shop", many));
    Shop.reconciler(agent).pass(files);
    agent.holds().registrations().forEach(held -> agent.fail("register " + held.id(), Kind.BROKEN));
    String one = register("s7");
    agent.hold(Observed.NOTHING).writes();

    live();

    // once all of them are at their longest, 7.5 s and more lie between two
    long passes = agent.count("observe");
    System.out.printf("100 entries that fail for an hour: %d passes%n", passes);
    assertThat(passes).isBetween(120L, 3600 * 10 / 75 + 60L);
    assertThat(agent.count(one)).isBetween(120L, 300L);
  }
}
