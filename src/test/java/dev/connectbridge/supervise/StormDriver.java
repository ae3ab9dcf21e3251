package dev.connectbridge.supervise;

import dev.connectbridge.sidecar.TaskDirs;
import dev.connectbridge.sidecar.TaskDriver;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.sidecar.TaskState.Exit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tasks in a storm: they die, take their time to end, or take no notice; calls fail. */
final class StormDriver implements TaskDriver {
  private final Storm storm;
  private final SortedMap<String, Run> runs = new TreeMap<>();
  private final List<Run> history = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private Runnable ended = () -> {};
  private int started;

  StormDriver(Storm storm) {
    this.storm = storm;
  }

  /** A process, and what was done to it. */
  static final class Run {
    final TaskOrder order;
    final boolean stubborn;
    final List<Signal> signals = new ArrayList<>();
    final List<Integer> heard = new ArrayList<>();
    TaskState state;

    private Run(TaskOrder order, String handle, boolean stubborn) {
      this.order = order;
      this.stubborn = stubborn;
      this.state = new TaskState(order.id(), order.hash(), handle, Optional.empty());
    }
  }

  /** A signal that was sent, and what Consul still knew of what the task stands behind. */
  record Signal(Duration at, Set<String> known) {}

  List<Run> history() {
    return history;
  }

  List<String> calls() {
    return calls;
  }

  SortedMap<String, String> running() {
    SortedMap<String, String> running = new TreeMap<>();
    runs.forEach(
        (id, run) -> {
          if (run.state.isRunning()) {
            running.put(id, run.state.hash());
          }
        });
    return running;
  }

  /** Returns the names of all that was not forgotten. */
  Set<String> all() {
    return runs.keySet();
  }

  void die(String id) {
    storm.met(StormTrouble.TASK_DIES);
    Run run = runs.get(id);
    if (run != null) {
      end(run, Exit.code(1));
    }
  }

  private void end(Run run, Exit exit) {
    if (run.state.isRunning()) {
      run.state =
          new TaskState(run.order.id(), run.order.hash(), run.state.handle(), Optional.of(exit));
      ended.run();
    }
  }

  private void call(String what) throws TaskException {
    storm.touch();
    if (!what.equals("observe")) {
      calls.add(what);
      storm.trace(what);
    }
    if (storm.fails(12)) {
      storm.met(StormTrouble.DRIVER_FAULT);
      throw new TaskException(
          storm.fails(2) ? Kind.UNAVAILABLE : Kind.FAILED, "it would not " + what, null);
    }
  }

  @Override
  public List<String> names() {
    return List.of("raw_exec");
  }

  @Override
  public List<String> refusals(TaskOrder order) {
    return List.of();
  }

  @Override
  public Set<String> warnings(TaskOrder order) {
    return Set.of();
  }

  @Override
  public TaskDirs seenBy(TaskDirs onThisMachine) {
    return onThisMachine;
  }

  @Override
  public List<TaskState> observe(String owner) throws TaskException {
    call("observe");
    return runs.values().stream().map(run -> run.state).toList();
  }

  @Override
  public TaskState start(TaskOrder order) throws TaskException {
    String id = order.id().value();
    call("start " + id);
    Run run = runs.get(id);
    if (run == null || !run.state.isRunning()) {
      run = new Run(order, String.valueOf(++started), storm.chance(5));
      runs.put(id, run);
      history.add(run);
    }
    storm.touch();
    return run.state;
  }

  @Override
  public void signal(TaskId id, String signal) throws TaskException {
    Run run = runs.get(id.value());
    if (run != null && run.state.isRunning()) {
      storm.touch();
      run.signals.add(new Signal(storm.now(), storm.known(id.value())));
      storm.signalled(run);
    }
    call("signal " + id);
    if (run != null && run.state.isRunning()) {
      run.heard.add(storm.lives());
    }
    if (run != null && !run.stubborn) {
      storm.later(
          storm.upTo(run.order.task().killTimeout().toMillis() * 3 / 2 + 1),
          () -> end(run, Exit.code(0)));
    }
    storm.touch();
  }

  @Override
  public void kill(TaskId id) throws TaskException {
    Run run = runs.get(id.value());
    if (run != null && run.state.isRunning()) {
      storm.touch();
      storm.killed(run);
    }
    call("kill " + id);
    if (run != null) {
      end(run, Exit.signal(9));
    }
    storm.touch();
  }

  @Override
  public void forget(TaskId id) throws TaskException {
    call("forget " + id);
    Run run = runs.get(id.value());
    storm.must(run == null || !run.state.isRunning(), "forgotten while it runs: " + id);
    runs.remove(id.value());
    storm.touch();
  }

  @Override
  public Ran run(TaskId id, List<String> command, Duration limit) {
    return new Ran(0, "");
  }

  @Override
  public void onExit(Runnable listener) {
    ended = listener;
  }

  @Override
  public void close() {}
}
