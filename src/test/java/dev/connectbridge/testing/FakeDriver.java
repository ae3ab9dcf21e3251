package dev.connectbridge.testing;

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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tasks in memory that outlive whoever supervises them. A task ends when it is signalled, unless it
 * is stubborn. Every call leaves a line in the trace. Safe for use by several threads.
 */
public final class FakeDriver implements TaskDriver {
  private final SortedMap<String, TaskState> tasks = new TreeMap<>();
  private final SortedMap<String, TaskOrder> orders = new TreeMap<>();
  private final Set<String> stubborn = new HashSet<>();
  private final List<String> trace = new ArrayList<>();
  private final List<Runnable> listeners = new ArrayList<>();
  private Optional<TaskException> failure = Optional.empty();
  private Ran answer = new Ran(0, "fine");
  private final List<String> names;
  private boolean away;
  private boolean breaks;
  private boolean allStubborn;
  private int started;

  /** Creates one that goes by every name. */
  public FakeDriver() {
    this("fake", "docker", "raw_exec");
  }

  /** Creates one by its names, the proper one first. */
  public FakeDriver(String... names) {
    this.names = List.of(names);
  }

  /** Breaks at every call from now on in a way that no driver should. */
  public synchronized void breakDown() {
    breaks = true;
  }

  private void work() {
    if (breaks) {
      throw new IllegalStateException();
    }
  }

  /** Returns what was called, one line a call, observing left out. */
  public synchronized List<String> trace() {
    return List.copyOf(trace);
  }

  /** Returns the names of the tasks that run. */
  public synchronized List<String> running() {
    return tasks.values().stream()
        .filter(TaskState::isRunning)
        .map(state -> state.id().value())
        .toList();
  }

  /** Returns the order that a task was last started by. */
  public synchronized TaskOrder order(String id) {
    return orders.get(id);
  }

  /** Has a task take no notice of signals. */
  public synchronized void makeStubborn(String id) {
    stubborn.add(id);
  }

  /** Has every task take no notice of signals. */
  public synchronized void makeAllStubborn() {
    allStubborn = true;
  }

  /** Ends a task as if by itself. */
  public void die(String id, Exit exit) {
    synchronized (this) {
      end(id, exit);
    }
    List.copyOf(listeners).forEach(Runnable::run);
  }

  /** Fails every start until another kind, or none, is said. */
  public synchronized void failStarts(Optional<Kind> kind) {
    failure = kind.map(one -> new TaskException(one, "it would not start", null));
  }

  /** Says what comes of the commands that are run in tasks from now on. */
  public synchronized void answer(int code, String output) {
    answer = new Ran(code, output);
  }

  /** Cannot tell what runs, or can again. */
  public synchronized void goAway(boolean gone) {
    away = gone;
  }

  private void end(String id, Exit exit) {
    tasks.computeIfPresent(
        id,
        (name, state) ->
            state.isRunning()
                ? new TaskState(state.id(), state.hash(), state.handle(), Optional.of(exit))
                : state);
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public List<String> refusals(TaskOrder order) {
    return order.task().user().equals("refused") ? List.of("no such user") : List.of();
  }

  @Override
  public Set<String> warnings(TaskOrder order) {
    return Set.of("it is all in memory");
  }

  @Override
  public TaskDirs seenBy(TaskDirs onThisMachine) {
    return onThisMachine;
  }

  @Override
  public synchronized List<TaskState> observe(String owner) throws TaskException {
    work();
    if (away) {
      throw new TaskException(Kind.UNAVAILABLE, "the engine is away", null);
    }
    return List.copyOf(tasks.values());
  }

  @Override
  public synchronized TaskState start(TaskOrder order) throws TaskException {
    String id = order.id().value();
    trace.add("start " + id);
    work();
    if (failure.isPresent()) {
      throw failure.get();
    }
    TaskState now = tasks.get(id);
    if (now == null || !now.isRunning()) {
      now = new TaskState(order.id(), order.hash(), String.valueOf(++started), Optional.empty());
      tasks.put(id, now);
      orders.put(id, order);
    }
    return now;
  }

  @Override
  public void signal(TaskId id, String signal) {
    boolean ends;
    synchronized (this) {
      trace.add("signal " + id + (signal.isEmpty() ? "" : " " + signal));
      ends = !allStubborn && !stubborn.contains(id.value());
      if (ends) {
        end(id.value(), Exit.code(0));
      }
    }
    if (ends) {
      List.copyOf(listeners).forEach(Runnable::run);
    }
  }

  @Override
  public void kill(TaskId id) {
    synchronized (this) {
      trace.add("kill " + id);
      end(id.value(), Exit.signal(9));
    }
    List.copyOf(listeners).forEach(Runnable::run);
  }

  @Override
  public synchronized void forget(TaskId id) {
    trace.add("forget " + id);
    work();
    tasks.remove(id.value());
  }

  @Override
  public synchronized Ran run(TaskId id, List<String> command, Duration limit) {
    trace.add("run " + id + " " + String.join(" ", command));
    return answer;
  }

  @Override
  public void onExit(Runnable ended) {
    listeners.add(ended);
  }

  @Override
  public void close() {
    listeners.clear();
    work();
  }
}
