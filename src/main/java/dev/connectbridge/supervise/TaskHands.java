package dev.connectbridge.supervise;

import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.launch.Launch.Filled;
import dev.connectbridge.launch.Launch.Place;
import dev.connectbridge.launch.ScriptCheck;
import dev.connectbridge.sidecar.TaskDirs;
import dev.connectbridge.sidecar.TaskDriver;
import dev.connectbridge.sidecar.TaskDriver.Ran;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.supervise.Lanes.Lane;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does with tasks what was decided, in lanes, and tells the supervisor's thread what came of it.
 */
final class TaskHands {
  private static final Logger log = LoggerFactory.getLogger(TaskHands.class);

  private final SortedMap<String, TaskDriver> drivers = new TreeMap<>();
  private final List<TaskDriver> all;
  private final String owner;
  private final Optional<TaskFiles> files;
  private final AgentAccess agent;
  private final Lanes lanes;
  private final Consumer<Runnable> tell;
  private final Rounds rounds;

  TaskHands(
      List<TaskDriver> all,
      String owner,
      Optional<TaskFiles> files,
      AgentAccess agent,
      Lanes lanes,
      Consumer<Runnable> tell) {
    this.all = List.copyOf(all);
    this.owner = owner;
    this.files = files;
    this.agent = agent;
    this.lanes = lanes;
    this.tell = tell;
    this.rounds = new Rounds(all, owner, lanes, tell);
    for (TaskDriver driver : all) {
      driver.names().forEach(name -> drivers.putIfAbsent(name, driver));
    }
  }

  /** What came of a start. */
  record Started(Optional<TaskState> state, Optional<TaskException> error, Set<String> warnings) {}

  Optional<TaskFiles> files() {
    return files;
  }

  /** Returns whether tasks are run at all; else they are somebody else's to run. */
  boolean runsTasks() {
    return !all.isEmpty();
  }

  /** Returns whether a task sees the directories of this machine as they are. */
  boolean isHere(Launch launch) {
    TaskDriver driver = drivers.get(launch.task().driver());
    if (driver == null || files.isEmpty()) {
      return false;
    }
    TaskDirs dirs = dirs(files.get(), launch);
    return driver.seenBy(dirs).equals(dirs);
  }

  private static TaskDirs dirs(TaskFiles files, Launch launch) {
    return files.dirs(launch.allocation(), launch.group(), launch.task().name());
  }

  /** Runs a check's command where its task runs; takes its time. */
  Ran run(Launch launch, ScriptCheck check) throws TaskException {
    TaskDriver driver = drivers.get(launch.task().driver());
    if (driver == null || files.isEmpty()) {
      throw refused("there is nothing here that runs task " + launch.task().name());
    }
    TaskDirs inside = driver.seenBy(dirs(files.get(), launch));
    TaskId id = TaskId.of(launch.allocation(), launch.task().name());
    return driver.run(
        id, launch.words(check.command(), place(inside, new TreeMap<>())), check.timeout());
  }

  Optional<TaskDriver> driver(String name) {
    return Optional.ofNullable(drivers.get(name));
  }

  /** Returns the proper name of a driver. */
  String proper(String name) {
    return driver(name).map(driver -> driver.names().get(0)).orElse(name);
  }

  /** Has somebody told whenever a task may have ended. */
  void onExit(Runnable ended) {
    all.forEach(driver -> driver.onExit(ended));
  }

  /** Returns whether a driver is here, by its proper name. */
  boolean knows(String driver) {
    return drivers.containsKey(driver);
  }

  /** Returns where the drivers are asked what runs. */
  Rounds rounds() {
    return rounds;
  }

  static String said(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  void start(Launch launch, TaskRecord record, Consumer<Started> started) {
    lanes.run(
        Lane.TASK,
        record.driver(),
        () -> {
          Started result = start(launch, record);
          tell.accept(() -> started.accept(result));
        });
  }

  private Started start(Launch launch, TaskRecord record) {
    try {
      TaskDriver driver = drivers.get(launch.task().driver());
      if (driver == null) {
        throw refused(
            "no driver is called \"%s\"; there are %s"
                .formatted(launch.task().driver(), drivers.keySet()));
      }
      if (!launch.problems().isEmpty()) {
        throw refused(launch.problems());
      }
      TaskFiles kept =
          files.orElseThrow(() -> refused("a task needs a data directory, and there is none"));
      TaskDirs dirs = kept.prepare(launch.allocation(), launch.group(), launch.task().name());
      TaskDirs inside = driver.seenBy(dirs);
      Place place = place(inside, told(launch, dirs, inside));
      Filled filled = launch.in(place);
      TaskOrder order =
          new TaskOrder(
              new TaskId(record.id()),
              owner,
              launch.group(),
              filled.task(),
              filled.env(),
              dirs,
              record.hash());
      List<String> refusals = driver.refusals(order);
      if (!refusals.isEmpty()) {
        throw refused(String.join("; ", refusals));
      }
      kept.keep(record);
      if (launch.bootstrap().isPresent()) {
        agent.bootstrap(launch, place, dirs);
      }
      return new Started(
          Optional.of(driver.start(order)), Optional.empty(), warnings(driver, order, filled));
    } catch (TaskException e) {
      return new Started(Optional.empty(), Optional.of(e), Set.of());
    } catch (IOException | RuntimeException e) {
      TaskException failed = new TaskException(Kind.FAILED, said(e), e);
      return new Started(Optional.empty(), Optional.of(failed), Set.of());
    }
  }

  private static Set<String> warnings(TaskDriver driver, TaskOrder order, Filled filled) {
    Set<String> warnings = new LinkedHashSet<>(driver.warnings(order));
    if (!filled.unknown().isEmpty()) {
      warnings.add(
          "nothing is known for %s in task %s of %s: it is left as written"
              .formatted(String.join(", ", filled.unknown()), order.task().name(), order.group()));
    }
    return warnings;
  }

  /** Who does not ask the agent has no use for its token. */
  private SortedMap<String, String> told(Launch launch, TaskDirs dirs, TaskDirs inside)
      throws IOException {
    if (launch.asksAgent()) {
      return agent.variables(dirs.secrets(), inside.secrets());
    }
    agent.withhold(dirs.secrets());
    return new TreeMap<>();
  }

  private static TaskException refused(String why) {
    return new TaskException(Kind.REFUSED, why, null);
  }

  static TaskException refused(List<Problem> problems) {
    return refused(String.join("; ", problems.stream().map(Problem::toString).toList()));
  }

  private static Place place(TaskDirs inside, SortedMap<String, String> agent) {
    return new Place(
        inside.alloc().toString(), inside.local().toString(), inside.secrets().toString(), agent);
  }

  /** Signals in order: what is signalled next is not overtaken by a kill of the same task. */
  void signal(String driver, Task task, Consumer<Optional<TaskException>> done) {
    act(driver, task.id(), one -> one.signal(new TaskId(task.id()), task.signal()), done);
  }

  void kill(String driver, String id, Consumer<Optional<TaskException>> done) {
    act(driver, id, one -> one.kill(new TaskId(id)), done);
  }

  /** Removes what is left of a task that has ended. */
  void forget(String driver, String id, Optional<TaskRecord> record, String name, Runnable done) {
    lanes.run(
        Lane.TASK,
        driver,
        () -> {
          try {
            Optional<TaskDriver> one = driver(driver);
            if (one.isPresent()) {
              one.get().forget(new TaskId(id));
            }
          } catch (TaskException | RuntimeException e) {
            log.warn("what is left of task {} could not be removed: {}", id, said(e));
          }
          record.ifPresent(one -> files.ifPresent(kept -> kept.forget(one, name)));
          tell.accept(done);
        });
  }

  private void act(String driver, String id, Step step, Consumer<Optional<TaskException>> done) {
    lanes.run(
        Lane.SIGNAL,
        driver,
        () -> {
          Optional<TaskException> error = attempt(driver, step);
          error.ifPresent(e -> log.warn("task {}: {}", id, e.getMessage()));
          tell.accept(() -> done.accept(error));
        });
  }

  private Optional<TaskException> attempt(String driver, Step step) {
    try {
      TaskDriver one = drivers.get(driver);
      if (one != null) {
        step.on(one);
      }
      return Optional.empty();
    } catch (TaskException e) {
      return Optional.of(e);
    } catch (RuntimeException e) {
      return Optional.of(new TaskException(Kind.FAILED, said(e), e));
    }
  }

  void close() {
    for (TaskDriver driver : all) {
      try {
        driver.close();
      } catch (RuntimeException e) {
        log.warn("driver {} does not let go: {}", driver.names().get(0), said(e));
      }
    }
  }

  /** Something that a driver is asked to do. */
  @FunctionalInterface
  private interface Step {
    void on(TaskDriver driver) throws TaskException;
  }
}
