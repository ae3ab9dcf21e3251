package dev.connectbridge.supervise;

import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.supervise.TaskHands.Found;
import dev.connectbridge.supervise.TaskHands.Seen;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One question to all drivers, what runs: over when each has answered, or when it is given up. For
 * the supervisor's thread alone.
 */
final class Round {
  private final Consumer<Seen> end;
  private final SortedMap<String, Found> tasks = new TreeMap<>();
  private final SortedMap<String, String> blind = new TreeMap<>();
  private final Set<String> open = new HashSet<>();
  private boolean over;

  Round(Consumer<Seen> end) {
    this.end = end;
  }

  void asked(String driver) {
    open.add(driver);
  }

  void heard(String driver, List<TaskState> states) {
    open.remove(driver);
    for (TaskState state : states) {
      tasks.merge(
          state.id().value(),
          new Found(driver, state),
          (one, other) -> one.state().isRunning() ? one : other);
    }
  }

  void blind(String driver, String why) {
    open.remove(driver);
    blind.put(driver, why);
  }

  void giveUp(String why) {
    Set.copyOf(open).forEach(driver -> blind(driver, why));
    endIfHeard();
  }

  void endIfHeard() {
    if (open.isEmpty() && !over) {
      over = true;
      end.accept(new Seen(tasks, blind));
    }
  }
}
