package dev.connectbridge.supervise;

import dev.connectbridge.sidecar.TaskDriver;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.supervise.Lanes.Lane;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Asks all drivers what runs, each in a lane of its own. A round is over when each has answered, or
 * when it is given up; a driver that owes an answer is not asked again before it has given it. For
 * the supervisor's thread alone.
 */
final class Rounds {
  private static final String NO_ANSWER = "it does not say what runs";

  private final List<TaskDriver> drivers;
  private final String owner;
  private final Lanes lanes;
  private final Consumer<Runnable> tell;
  private final Set<String> owing = new HashSet<>();
  private Optional<Round> last = Optional.empty();

  Rounds(List<TaskDriver> drivers, String owner, Lanes lanes, Consumer<Runnable> tell) {
    this.drivers = List.copyOf(drivers);
    this.owner = owner;
    this.lanes = lanes;
    this.tell = tell;
  }

  /** What came of a round: what each driver has, or why it cannot tell. */
  record Seen(SortedMap<String, Found> tasks, SortedMap<String, String> blind) {}

  /** A task, and whose it is. */
  record Found(String driver, TaskState state) {}

  /** Begins one; at its end {@code seen} is told. */
  void begin(Consumer<Seen> seen) {
    Round round = new Round(seen);
    last = Optional.of(round);
    for (TaskDriver driver : drivers) {
      String name = driver.names().get(0);
      if (owing.add(name)) {
        round.open.add(name);
        lanes.run(Lane.LOOK, name, () -> look(driver, name, round));
      } else {
        round.blind(name, NO_ANSWER);
      }
    }
    round.endIfHeard();
  }

  /** Waits no longer for those that have not answered. */
  void giveUp() {
    last.ifPresent(
        round -> {
          Set.copyOf(round.open).forEach(name -> round.blind(name, NO_ANSWER));
          round.endIfHeard();
        });
  }

  private void look(TaskDriver driver, String name, Round round) {
    Runnable heard;
    try {
      List<TaskState> states = driver.observe(owner);
      heard = () -> round.heard(name, states);
    } catch (TaskException | RuntimeException e) {
      heard = () -> round.blind(name, TaskHands.said(e));
    }
    Runnable told = heard;
    tell.accept(
        () -> {
          owing.remove(name);
          told.run();
          round.endIfHeard();
        });
  }

  private static final class Round {
    private final Consumer<Seen> end;
    private final SortedMap<String, Found> tasks = new TreeMap<>();
    private final SortedMap<String, String> blind = new TreeMap<>();
    private final Set<String> open = new HashSet<>();
    private boolean over;

    private Round(Consumer<Seen> end) {
      this.end = end;
    }

    private void heard(String driver, List<TaskState> states) {
      open.remove(driver);
      for (TaskState state : states) {
        tasks.merge(
            state.id().value(),
            new Found(driver, state),
            (one, other) -> one.state().isRunning() ? one : other);
      }
    }

    private void blind(String driver, String why) {
      open.remove(driver);
      blind.put(driver, why);
    }

    private void endIfHeard() {
      if (open.isEmpty() && !over) {
        over = true;
        end.accept(new Seen(tasks, blind));
      }
    }
  }
}
