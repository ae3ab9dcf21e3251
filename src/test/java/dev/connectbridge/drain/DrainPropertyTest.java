package dev.connectbridge.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.drain.Drain.Request;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.drain.Receipt.Cause;
import dev.connectbridge.drain.Receipt.TaskEnd;
import dev.connectbridge.drain.Receipt.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever happens and whenever it does. */
class DrainPropertyTest {
  private static final Duration START = Duration.ofDays(3);

  /** What befalls a drain, and how long after the request. */
  record Event(int millis, int what) {}

  @Property(tries = 3000)
  void noSignalComesBeforeProofOrPolicyAndNoneBeforeItsDelays(
      @ForAll("leavings") Leaving leaving,
      @ForAll("policies") DrainPolicy policy,
      @ForAll("events") List<Event> events) {
    Drain drain =
        Drain.begin(leaving, new Request(Cause.UNWANTED, START, false, Optional.empty()), policy);
    Duration proof = null;
    for (Event event : events) {
      Duration now = START.plusMillis(event.millis());
      for (Task task : drain.due(now).signals()) {
        assertThat(now).isGreaterThanOrEqualTo(START.plus(leaving.delay()).plus(task.delay()));
        if (proof == null) {
          assertThat(now).isGreaterThanOrEqualTo(drain.limit());
          policy.hold().ifPresent(hold -> assertThat(now).isGreaterThanOrEqualTo(START.plus(hold)));
        }
        drain = drain.signalled(task.id(), now);
      }
      for (Task task : drain.due(now).kills()) {
        drain = drain.killed(task.id(), now);
      }
      if (event.what() == 0 && proof == null) {
        proof = now;
      }
      drain = happen(drain, event.what(), now);
    }
    honest(drain.receipt(), leaving);
  }

  private static Drain happen(Drain drain, int what, Duration now) {
    return switch (what) {
      case 0 -> drain.absent(now);
      case 1 -> drain.deregistered(now);
      case 2 -> drain.doubted("no answer");
      case 3 -> drain.wantedAgain(now);
      case 4 ->
          drain.leaving().tasks().isEmpty()
              ? drain
              : drain.ended(drain.leaving().tasks().get(0).id(), now, "exit code 0");
      default -> drain;
    };
  }

  private static void honest(Receipt receipt, Leaving leaving) {
    if (receipt.verdict() == Verdict.PROVEN) {
      assertThat(receipt.absent()).isPresent();
      for (TaskEnd end : receipt.tasks()) {
        end.signalled()
            .ifPresent(at -> assertThat(at).isGreaterThanOrEqualTo(receipt.absent().get()));
      }
    }
    for (TaskEnd end : receipt.tasks()) {
      Task task =
          leaving.tasks().stream().filter(one -> one.id().equals(end.task())).findFirst().get();
      end.killed()
          .ifPresent(
              at ->
                  assertThat(at)
                      .isGreaterThanOrEqualTo(end.signalled().get().plus(task.killTimeout())));
    }
  }

  @Property(tries = 500)
  void whoeverFollowsItsNextMomentsReachesTheEnd(
      @ForAll("leavings") Leaving leaving, @ForAll("policies") DrainPolicy policy) {
    Drain drain =
        Drain.begin(leaving, new Request(Cause.SHUTDOWN, START, false, Optional.empty()), policy);
    Duration now = START;
    for (int steps = 0; !drain.isSettled(now); steps++) {
      assertThat(steps).isLessThan(50);
      Due due = drain.due(now);
      for (Task task : due.signals()) {
        drain = drain.signalled(task.id(), now);
      }
      for (Task task : due.kills()) {
        drain = drain.killed(task.id(), now).ended(task.id(), now, "signal 9");
      }
      now = drain.due(now).next().orElse(now);
    }
    Duration longest = START.plus(leaving.delays()).plus(policy.floor()).plus(longestKill(leaving));
    assertThat(now).isLessThanOrEqualTo(longest.plus(policy.hold().orElse(Duration.ZERO)));
  }

  private static Duration longestKill(Leaving leaving) {
    return leaving.tasks().stream()
        .map(Task::killTimeout)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  @Provide
  Arbitrary<Leaving> leavings() {
    Arbitrary<Duration> short_ = Arbitraries.integers().between(0, 9000).map(Duration::ofMillis);
    Arbitrary<List<Task>> tasks =
        Combinators.combine(short_, short_)
            .as((delay, kill) -> new Task("", delay, kill, "", ""))
            .list()
            .ofMaxSize(3)
            .map(
                list -> {
                  List<Task> named = new ArrayList<>();
                  list.forEach(
                      task ->
                          named.add(
                              new Task(
                                  "t" + named.size(), task.delay(), task.killTimeout(), "", "")));
                  return named;
                });
    return Combinators.combine(short_, tasks)
        .as(
            (delay, named) ->
                new Leaving(
                    "a", "g", "s", List.of(new Service("id", "name", true, false)), named, delay));
  }

  @Provide
  Arbitrary<DrainPolicy> policies() {
    Arbitrary<Duration> times = Arbitraries.integers().between(0, 20_000).map(Duration::ofMillis);
    return Combinators.combine(times, times.optional())
        .as((floor, hold) -> new DrainPolicy(floor, hold, false));
  }

  @Provide
  Arbitrary<List<Event>> events() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 40_000), Arbitraries.integers().between(0, 6))
        .as(Event::new)
        .list()
        .ofMaxSize(30)
        .map(list -> list.stream().sorted((a, b) -> a.millis() - b.millis()).toList());
  }
}
