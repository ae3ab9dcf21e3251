package dev.connectbridge.supervise;

import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.launch.GroupEnvironment;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.supervise.Status.State;
import dev.connectbridge.supervise.TaskHands.Found;
import dev.connectbridge.supervise.TaskHands.Seen;
import dev.connectbridge.supervise.TaskHands.Started;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks behind the registrations: what should run, what does, and what to do about the
 * difference. For the supervisor's thread alone.
 */
final class Tasks implements Drains.Proxies {
  private static final Logger log = LoggerFactory.getLogger(Tasks.class);

  /** How often the drivers are asked though no task has said that it ended. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final Duration LOOK_WHILE_LEAVING = Duration.ofMillis(500);

  /** How long a driver may take to say what runs. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TaskHands hands;
  private final Ticker ticker;
  private final SortedMap<String, Wanted> wanted = new TreeMap<>();
  private final SortedMap<String, TaskRecord> records = new TreeMap<>();
  private final SortedMap<String, Found> found = new TreeMap<>();
  private final SortedMap<String, String> blind = new TreeMap<>();
  private final Set<String> known = new HashSet<>();
  private final Map<String, String> saidBlind = new HashMap<>();
  private final SortedMap<String, Attempts> attempts = new TreeMap<>();
  private final SortedMap<String, Restart> restarts = new TreeMap<>();
  private final Set<String> busy = new HashSet<>();
  private final Map<String, Long> touched = new HashMap<>();
  private final SortedSet<String> warnings = new TreeSet<>();
  private final SortedMap<String, Runnable> again = new TreeMap<>();
  private final Map<String, Integer> acts = new HashMap<>();
  private Drains drains;
  private Fence fence = new Fence();
  private Optional<Desired> desired = Optional.empty();
  private Set<ServiceId> registered = Set.of();
  private long epoch;
  private boolean looking;
  private boolean lookAgain = true;
  private boolean lookedOnce;
  private Duration lookAt = Duration.ZERO;
  private Duration giveUpAt = Duration.ZERO;

  Tasks(TaskHands hands, Ticker ticker) {
    this.hands = hands;
    this.ticker = ticker;
  }

  /** What should run. */
  private record Wanted(Launch launch, String hash, Leaving leaving, Set<ServiceId> services) {}

  /** A proxy that is started again where it stands. */
  private record Restart(Duration signalled, Duration killAt, boolean killed) {}

  void attach(Drains leaving, Fence between) {
    drains = leaving;
    fence = between;
  }

  /** Takes up what an earlier process has left. */
  void recover(Runnable onExit) {
    hands.files().ifPresent(files -> records.putAll(files.records()));
    hands.onExit(onExit);
  }

  /** A task may have ended. */
  void mayHaveEnded() {
    lookAgain = true;
  }

  void see(Desired now, Set<ServiceId> held) {
    desired = Optional.of(now);
    registered = held;
    SortedMap<String, Wanted> before = new TreeMap<>(wanted);
    wanted.clear();
    SortedMap<String, List<Workload>> behind = new TreeMap<>();
    for (Workload workload : hands.runsTasks() ? now.workloads() : List.<Workload>of()) {
      workload
          .launch()
          .ifPresent(
              launch -> behind.computeIfAbsent(id(launch), any -> new ArrayList<>()).add(workload));
    }
    behind.forEach((id, workloads) -> wanted.put(id, wanted(workloads)));
    SortedMap<String, String> environments = new TreeMap<>();
    for (GroupEnvironment environment : now.environments().values()) {
      environments.put(environment.file(), environment.text());
    }
    if (now.complete() && now.frozen().isEmpty()) {
      hands.files().ifPresent(files -> files.environments(environments));
    }
    attempts.keySet().removeIf(id -> !same(before.get(id), wanted.get(id)));
    known.addAll(wanted.keySet());
    wanted.forEach((id, want) -> follow(id, want.leaving().source()));
  }

  /** A file that cannot be read keeps what it wanted, also what another file wanted before. */
  private void follow(String id, String source) {
    TaskRecord record = records.get(id);
    if (record != null && !record.leaving().source().equals(source)) {
      keepRecord(record.with(record.leaving().from(source)));
    }
  }

  private static boolean same(Wanted before, Wanted now) {
    return before != null
        && now != null
        && before.hash().equals(now.hash())
        && before.launch().listening().equals(now.launch().listening());
  }

  private static String id(Launch launch) {
    return TaskId.of(launch.allocation(), launch.task().name()).value();
  }

  private static Wanted wanted(List<Workload> workloads) {
    Workload first = workloads.get(0);
    Launch launch = first.launch().orElseThrow();
    Registration registration = first.registration();
    Set<ServiceId> ids = new LinkedHashSet<>();
    workloads.forEach(workload -> ids.add(workload.registration().id()));
    Leaving leaving =
        new Leaving(
            launch.allocation(),
            launch.group(),
            registration.marks().source(),
            workloads.stream().map(Tasks::service).toList(),
            List.of(
                new Task(
                    id(launch),
                    launch.task().shutdownDelay(),
                    launch.task().killTimeout(),
                    launch.task().killSignal())),
            first.shutdownDelay());
    return new Wanted(launch, launch.hash(), leaving, ids);
  }

  static Service service(Workload workload) {
    Registration registration = workload.registration();
    return new Service(
        registration.id().value(), registration.name(), registration.sidecar().isPresent(), false);
  }

  private TaskRecord record(String id, Wanted want) {
    return new TaskRecord(
        id,
        hands.proper(want.launch().task().driver()),
        want.hash(),
        want.launch().listeningText(),
        want.leaving());
  }

  /** Its services are gone from the agent until a pass says otherwise. */
  void gone(Leaving leaving) {
    Set<ServiceId> left = new HashSet<>(registered);
    leaving.services().forEach(service -> left.remove(new ServiceId(service.id())));
    registered = left;
  }

  /** Returns the same with the tasks that go with its services, and with their delays. */
  Leaving behind(Leaving services) {
    Set<String> ids = new TreeSet<>();
    services.services().forEach(service -> ids.add(service.id()));
    List<Task> tasks = new ArrayList<>(services.tasks());
    Duration delay = services.delay();
    for (TaskRecord record : records.values()) {
      boolean goes =
          !record.leaving().services().isEmpty()
              && record.leaving().services().stream()
                  .allMatch(service -> ids.contains(service.id()));
      if (goes && hands.knows(record.driver())) {
        tasks.addAll(record.leaving().tasks());
        delay = record.leaving().delay();
      }
    }
    return new Leaving(
        services.allocation(),
        services.group(),
        services.source(),
        services.services(),
        tasks,
        delay);
  }

  /**
   * Returns the tasks that nobody wants any more, as far as that is certain. One that was not seen
   * wanted since the start may be out of any file that cannot be read.
   */
  List<Leaving> unwanted() {
    if (!lookedOnce || desired.isEmpty() || !desired.get().complete()) {
      return List.of();
    }
    List<Leaving> gone = new ArrayList<>();
    Set<String> frozen = desired.get().frozen();
    for (TaskRecord record : records.values()) {
      if (!wanted.containsKey(record.id())
          && !frozen.contains(record.leaving().source())
          && (frozen.isEmpty() || known.contains(record.id()))
          && hands.knows(record.driver())
          && isFree(record)) {
        gone.add(record.leaving());
      }
    }
    if (desired.get().frozen().isEmpty()) {
      found.forEach(
          (id, task) -> {
            if (!records.containsKey(id)
                && !wanted.containsKey(id)
                && !drains.hasTask(id)
                && task.state().isRunning()) {
              gone.add(stray(id, task));
            }
          });
    }
    return gone;
  }

  /** One whose services leave by another drain waits for that: it is proof for both. */
  private boolean isFree(TaskRecord record) {
    return !drains.hasTask(record.id()) && !drains.hasAnyOf(record.leaving());
  }

  /** A task of ours of which only its driver knows. */
  private Leaving stray(String id, Found task) {
    TaskRecord record =
        new TaskRecord(
            id,
            task.driver(),
            task.state().hash(),
            "",
            new Leaving(
                id.substring(0, Math.max(1, id.indexOf('.'))),
                id,
                "",
                List.of(),
                List.of(new Task(id, Duration.ZERO, Duration.ofSeconds(5), "")),
                Duration.ZERO));
    records.put(id, record);
    return record.leaving();
  }

  /** Returns the tasks that run and should be others. */
  List<Leaving> replaced() {
    List<Leaving> old = new ArrayList<>();
    for (String id : changed()) {
      TaskRecord record = records.computeIfAbsent(id, any -> record(id, wanted.get(id)));
      if (isFree(record)) {
        old.add(record.leaving());
      }
    }
    return old;
  }

  /** Returns those whose hash is another than that of what is wanted in their place. */
  Set<String> changed() {
    Set<String> changed = new TreeSet<>();
    wanted.forEach(
        (id, want) -> {
          Found task = found.get(id);
          if (task != null
              && task.state().isRunning()
              && !task.state().hash().equals(want.hash())) {
            changed.add(id);
          }
        });
    return changed;
  }

  /** Returns those that run and are what is wanted. */
  Set<String> right() {
    Set<String> right = new TreeSet<>();
    wanted.forEach(
        (id, want) -> {
          Found task = found.get(id);
          if (task != null && task.state().isRunning() && task.state().hash().equals(want.hash())) {
            right.add(id);
          }
        });
    return right;
  }

  /** Forgets the failures of a group's tasks. */
  void retry(String group) {
    wanted.forEach(
        (id, want) -> {
          if (want.launch().group().equals(group)) {
            attempts.remove(id);
          }
        });
  }

  /** Does what is due; returns when to look again though nothing happens. */
  Optional<Duration> step(boolean leavingAll) {
    Duration now = ticker.now();
    look(now);
    List<Duration> later = new ArrayList<>();
    later.add(looking ? giveUpAt : lookAt);
    if (lookedOnce && !leavingAll) {
      for (String id : List.copyOf(wanted.keySet())) {
        tend(id, wanted.get(id), now).ifPresent(later::add);
      }
    }
    return later.stream().min(Duration::compareTo);
  }

  private void look(Duration now) {
    if (looking && now.compareTo(giveUpAt) >= 0) {
      hands.giveUp();
    }
    if (!looking && (lookAgain || now.compareTo(lookAt) >= 0)) {
      looking = true;
      giveUpAt = now.plus(PATIENCE);
      lookAgain = false;
      lookAt = now.plus(drains.isEmpty() && restarts.isEmpty() ? LOOK : LOOK_WHILE_LEAVING);
      long since = epoch;
      hands.observe(seen -> seen(seen, since));
    }
  }

  /** What was started or forgotten since the look began is not what was seen. */
  private void seen(Seen seen, long since) {
    looking = false;
    lookedOnce = true;
    blind.clear();
    blind.putAll(seen.blind());
    Set<String> ids = new TreeSet<>(found.keySet());
    ids.addAll(seen.tasks().keySet());
    for (String id : ids) {
      if (busy.contains(id)) {
        continue;
      }
      if (touched.getOrDefault(id, 0L) > since) {
        lookAgain = true;
        continue;
      }
      Found task = seen.tasks().get(id);
      if (task != null) {
        found.put(id, task);
      } else if (!seen.blind().containsKey(found.get(id).driver())) {
        found.remove(id);
      }
    }
    drains.tasks().forEach(id -> tellDrains(id, seen));
    tryAgain();
    sweep();
  }

  /** What a crash, or a driver that failed, has left of a task that ended and is nobody's. */
  private void sweep() {
    if (desired.isEmpty() || !desired.get().complete() || !desired.get().frozen().isEmpty()) {
      return;
    }
    for (String id : List.copyOf(found.keySet())) {
      Found task = found.get(id);
      boolean ours = records.containsKey(id) || wanted.containsKey(id) || drains.hasTask(id);
      if (!ours && !busy.contains(id) && !task.state().isRunning()) {
        forget(List.of(new Task(id, Duration.ZERO, Duration.ZERO, "")), () -> {});
      }
    }
  }

  /** What a driver could not do with a task that still runs is done again after each look. */
  private void tryAgain() {
    for (String id : List.copyOf(again.keySet())) {
      Found task = found.get(id);
      Runnable what = again.remove(id);
      if (task != null && task.state().isRunning()) {
        what.run();
      }
    }
  }

  /** Of one that a crash kept from being recorded, any driver may know. */
  private void tellDrains(String id, Seen seen) {
    String driver = driverOf(id);
    boolean unknown = driver.isEmpty() ? !seen.blind().isEmpty() : blindness(driver).isPresent();
    if (busy.contains(id) || unknown) {
      return;
    }
    Found task = found.get(id);
    if (task == null) {
      drains.ended(id, "not there");
    } else {
      task.state().exit().ifPresent(exit -> drains.ended(id, exit.toString()));
    }
  }

  private Optional<Duration> tend(String id, Wanted want, Duration now) {
    if (busy.contains(id) || drains.hasTask(id) || isRefused(id, want, now) || waits(id, want)) {
      return Optional.empty();
    }
    Found task = found.get(id);
    if (task != null && task.state().isRunning()) {
      return keep(id, want, now);
    }
    if (isActedOn(id)) {
      return Optional.empty();
    }
    boolean ours = restarts.remove(id) != null;
    again.remove(id);
    if (task != null && !ours && !attempts(id).noted(task.state())) {
      attempts(id).ended(task.state(), now);
      log.warn(
          "task {} of {} has ended: {}{}",
          id,
          want.launch().group(),
          task.state().exit().orElseThrow(),
          attempts(id).isFailed() ? "; it is not started again" : "");
    }
    if (attempts(id).isFailed()
        || !registered.containsAll(want.services())
        || want.services().stream().anyMatch(service -> fence.isClosed(service.value()))) {
      return Optional.empty();
    }
    if (now.compareTo(attempts(id).next()) < 0) {
      return Optional.of(attempts(id).next());
    }
    start(id, want);
    return Optional.empty();
  }

  /** What its author must mend is said whether or not its driver can be asked. */
  private boolean isRefused(String id, Wanted want, Duration now) {
    Found task = found.get(id);
    if (want.launch().problems().isEmpty() || (task != null && task.state().isRunning())) {
      return false;
    }
    TaskException refused = TaskHands.refused(want.launch().problems());
    if (!attempts(id).isFailed() && attempts(id).failed(refused, now)) {
      log.error("task {} of {}: {}", id, want.launch().group(), refused.getMessage());
    }
    return true;
  }

  /** Nobody knows whether it runs. */
  private boolean waits(String id, Wanted want) {
    Optional<String> why = blindness(id, want);
    why.filter(words -> !words.equals(saidBlind.put(id, words)))
        .ifPresent(words -> log.warn("task {} waits: {}", id, words));
    if (why.isEmpty()) {
      saidBlind.remove(id);
    }
    return why.isPresent();
  }

  /** Returns why nobody knows whether a task runs; also one that its driver of before may run. */
  private Optional<String> blindness(String id, Wanted want) {
    TaskRecord record = records.get(id);
    return Optional.ofNullable(blind.get(driver(want)))
        .or(() -> Optional.ofNullable(record).flatMap(before -> blindness(before.driver())));
  }

  private Optional<String> blindness(String driver) {
    return hands.knows(driver)
        ? Optional.ofNullable(blind.get(driver))
        : Optional.of("driver %s, which may run it, is not switched on".formatted(driver));
  }

  private String driver(Wanted want) {
    return hands.proper(want.launch().task().driver());
  }

  private Attempts attempts(String id) {
    return attempts.computeIfAbsent(id, any -> new Attempts());
  }

  /** Of what runs as it should, only how it is to be ended may have changed. */
  private Optional<Duration> keep(String id, Wanted want, Duration now) {
    TaskState state = found.get(id).state();
    Restart restart = restarts.get(id);
    if (restart != null) {
      if (!restart.killed() && now.compareTo(restart.killAt()) >= 0) {
        restarts.put(id, new Restart(restart.signalled(), restart.killAt(), true));
        kill(driver(want), id);
      }
      return restart.killed() ? Optional.empty() : Optional.of(restart.killAt());
    }
    if (!state.hash().equals(want.hash())) {
      return Optional.empty();
    }
    attempts(id).runs(now);
    TaskRecord before = records.get(id);
    if (before != null && want.launch().mustRestart(before.listening())) {
      log.info("task {} is started again: its proxy cannot move its listeners", id);
      return Optional.of(restart(id, want, now));
    }
    TaskRecord after = record(id, want);
    if (before == null || !before.leaving().equals(after.leaving())) {
      keepRecord(
          before == null
              ? after
              : new TaskRecord(
                  id, after.driver(), after.hash(), before.listening(), after.leaving()));
    }
    return Optional.empty();
  }

  private Duration restart(String id, Wanted want, Duration now) {
    Task task = want.leaving().tasks().get(0);
    Duration killAt = now.plus(task.killTimeout());
    restarts.put(id, new Restart(now, killAt, false));
    signal(driver(want), task, () -> {});
    return killAt;
  }

  /** Starts a task again where it stands, if it runs and may. */
  void restart(Launch launch, String why) {
    String id = id(launch);
    if (wanted.containsKey(id) && !busy.contains(id) && !restarts.containsKey(id)) {
      handle(launch)
          .ifPresent(
              handle -> {
                log.warn("task {} of {} is started again: {}", id, launch.group(), why);
                restart(id, wanted.get(id), ticker.now());
                lookAgain = true;
              });
    }
  }

  /** Returns what the machine knows a task by that runs and is not on its way out. */
  Optional<String> handle(Launch launch) {
    String id = id(launch);
    return Optional.ofNullable(found.get(id))
        .map(Found::state)
        .filter(state -> state.isRunning() && !drains.hasTask(id))
        .map(TaskState::handle);
  }

  /** Returns why a task does not run, in words. */
  Optional<String> waitsFor(Launch launch) {
    if (handle(launch).isPresent()) {
      return Optional.empty();
    }
    String detail = wanted.containsKey(id(launch)) ? status(id(launch)).detail() : "";
    return Optional.of(
        "task "
            + launch.task().name()
            + (detail.isEmpty() ? " does not run yet" : " does not run: " + detail));
  }

  boolean isRegistered(ServiceId id) {
    return registered.contains(id);
  }

  private void keepRecord(TaskRecord record) {
    records.put(record.id(), record);
    hands
        .files()
        .ifPresent(
            files -> {
              try {
                files.keep(record);
              } catch (IOException e) {
                log.error("task {} is not remembered: {}", record.id(), e.getMessage());
              }
            });
  }

  /** Of one that no driver here can have started there is nothing to keep. */
  private void start(String id, Wanted want) {
    TaskRecord record = record(id, want);
    if (hands.knows(record.driver())) {
      records.put(id, record);
    }
    touch(id);
    busy.add(id);
    hands.start(want.launch(), record, started -> started(id, want, started));
  }

  private void started(String id, Wanted want, Started started) {
    busy.remove(id);
    touch(id);
    warnings.addAll(started.warnings());
    Duration now = ticker.now();
    started
        .state()
        .ifPresent(
            state -> {
              found.put(id, new Found(driver(want), state));
              attempts(id).started(now);
              log.info("task {} of {} runs", id, want.launch().group());
            });
    started
        .error()
        .ifPresent(
            error -> {
              found.remove(id);
              if (attempts(id).failed(error, now)) {
                log.error("task {} of {}: {}", id, want.launch().group(), error.getMessage());
              }
            });
  }

  private void touch(String id) {
    touched.put(id, ++epoch);
  }

  @Override
  public boolean isStarting(String task) {
    return busy.contains(task);
  }

  @Override
  public void signal(Task task, Runnable sent) {
    signal(driverOf(task.id()), task, sent);
  }

  @Override
  public boolean isActedOn(String task) {
    return acts.getOrDefault(task, 0) > 0;
  }

  private void signal(String driver, Task task, Runnable sent) {
    acts.merge(task.id(), 1, Integer::sum);
    hands.signal(
        driver,
        task,
        error -> {
          acts.merge(task.id(), -1, Integer::sum);
          error.ifPresent(e -> again.putIfAbsent(task.id(), () -> signal(driver, task, () -> {})));
          lookAgain |= error.isEmpty();
          sent.run();
        });
  }

  @Override
  public void kill(Task task) {
    kill(driverOf(task.id()), task.id());
  }

  private void kill(String driver, String id) {
    acts.merge(id, 1, Integer::sum);
    hands.kill(
        driver,
        id,
        error -> {
          acts.merge(id, -1, Integer::sum);
          error.ifPresent(e -> again.put(id, () -> kill(driver, id)));
          lookAgain |= error.isEmpty();
        });
  }

  private String driverOf(String id) {
    TaskRecord record = records.get(id);
    Found task = found.get(id);
    return record != null ? record.driver() : task != null ? task.driver() : "";
  }

  @Override
  public void forget(Collection<Task> tasks, Runnable done) {
    Set<String> left = new HashSet<>();
    tasks.forEach(task -> left.add(task.id()));
    if (left.isEmpty()) {
      done.run();
    }
    for (Task one : tasks) {
      String id = one.id();
      TaskRecord record = records.remove(id);
      attempts.remove(id);
      restarts.remove(id);
      again.remove(id);
      acts.remove(id);
      busy.add(id);
      touch(id);
      Found task = found.get(id);
      String driver = record != null ? record.driver() : task != null ? task.driver() : "";
      found.remove(id);
      hands.forget(
          driver,
          id,
          record,
          id.substring(id.indexOf('.') + 1),
          () -> {
            busy.remove(id);
            touch(id);
            left.remove(id);
            if (left.isEmpty()) {
              done.run();
            }
          });
    }
  }

  List<Status.Task> status() {
    List<Status.Task> tasks = new ArrayList<>();
    Set<String> ids = new TreeSet<>(wanted.keySet());
    ids.addAll(records.keySet());
    for (String id : ids) {
      tasks.add(status(id));
    }
    return tasks;
  }

  private Status.Task status(String id) {
    Wanted want = wanted.get(id);
    Found task = found.get(id);
    Attempts tries = attempts.getOrDefault(id, new Attempts());
    boolean running = task != null && task.state().isRunning();
    State state =
        drains.hasTask(id)
            ? State.LEAVING
            : running ? State.RUNNING : tries.isFailed() ? State.FAILED : State.WAITING;
    return new Status.Task(
        id,
        want != null ? want.launch().group() : records.get(id).leaving().group(),
        want != null ? driver(want) : records.get(id).driver(),
        state,
        running ? task.state().handle() : "",
        tries.count(),
        detail(id, want, state, tries),
        want != null ? want.launch().isBuiltin() : !records.get(id).listening().isEmpty());
  }

  private String detail(String id, Wanted want, State state, Attempts tries) {
    if (state != State.WAITING || want == null) {
      return tries.trouble();
    }
    return blindness(id, want)
        .orElseGet(
            () ->
                want.services().stream().anyMatch(service -> fence.isHeld(service.value()))
                    ? "held back until somebody resumes its group, or its spec changes"
                    : registered.containsAll(want.services())
                        ? tries.trouble()
                        : "not registered yet");
  }

  /** Returns whether something is being started or cleared away. */
  boolean isBusy() {
    return !busy.isEmpty();
  }

  List<String> warnings() {
    SortedSet<String> all = new TreeSet<>(warnings);
    for (TaskRecord record : records.values()) {
      if (!hands.knows(record.driver())) {
        all.add(
            "driver %s started task %s of %s and is not switched on: whether it runs is unknown"
                .formatted(record.driver(), record.id(), record.leaving().group()));
      }
    }
    return List.copyOf(all);
  }

  void close() {
    hands.close();
  }
}
