package dev.connectbridge.supervise;

import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.launch.GroupEnvironment;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.supervise.Rounds.Found;
import dev.connectbridge.supervise.Wants.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks behind the registrations: what is done about the difference between what should run and
 * what does. For the supervisor's thread alone.
 */
final class Tasks {
  private static final Logger log = LoggerFactory.getLogger(Tasks.class);

  private final TaskHands hands;
  private final Ticker ticker;
  private final Fence fence;
  private final Drains drains;
  private final Wants wants;
  private final Records records;
  private final Sight sight;
  private final Endings endings;
  private final Restarts restarts;
  private final Starts starts;
  private final Leftovers leftovers;
  private final TaskWords words;
  private final Map<String, String> saidBlind = new HashMap<>();

  Tasks(TaskHands hands, Endings endings, Drains drains, Edges edges) {
    this.hands = hands;
    this.ticker = edges.ticker();
    this.fence = edges.fence();
    this.drains = drains;
    this.wants = new Wants(hands);
    this.records = endings.records();
    this.sight = endings.sight();
    this.endings = endings;
    this.restarts = new Restarts(endings);
    this.starts = new Starts(hands, ticker, records, sight);
    this.leftovers = new Leftovers(hands, wants, records, sight, drains);
    this.words = new TaskWords(this, hands, fence, drains);
    sight.onSeen(this::seen);
    endings.onForget(
        id -> {
          starts.remove(id);
          restarts.remove(id);
        });
  }

  /** Takes up what an earlier process has left. */
  void recover(Runnable onExit) {
    records.recover();
    hands.onExit(onExit);
  }

  Wants wants() {
    return wants;
  }

  Records records() {
    return records;
  }

  Sight sight() {
    return sight;
  }

  Leftovers leftovers() {
    return leftovers;
  }

  Starts starts() {
    return starts;
  }

  TaskWords words() {
    return words;
  }

  void see(Desired now, Set<ServiceId> standing) {
    starts.retain(wants.see(now, standing));
    wants.all().forEach((id, want) -> records.follow(id, want.leaving().source()));
    if (wants.isWhole()) {
      SortedMap<String, String> environments = new TreeMap<>();
      for (GroupEnvironment environment : now.environments().values()) {
        environments.put(environment.file(), environment.text());
      }
      hands.files().ifPresent(files -> files.environments(environments));
    }
  }

  /** Forgets the failures of a group's tasks. */
  void retry(String group) {
    wants.all().values().stream()
        .map(Wanted::launch)
        .filter(launch -> launch.group().equals(group))
        .forEach(launch -> starts.forget(Wants.id(launch)));
  }

  /** Does what is due; returns when to look again though nothing happens. */
  Optional<Duration> step(boolean leavingAll) {
    Duration now = ticker.now();
    List<Duration> later = new ArrayList<>();
    later.add(sight.step(now, !drains.isEmpty() || !restarts.isEmpty()));
    if (sight.hasLooked() && !leavingAll) {
      for (String id : List.copyOf(wants.all().keySet())) {
        tend(id, wants.all().get(id), now).ifPresent(later::add);
      }
    }
    return later.stream().min(Duration::compareTo);
  }

  private void seen() {
    drains.leavingTasks().forEach(this::tellDrains);
    endings.tryAgain();
    leftovers.remains().forEach(id -> endings.forget(id, () -> {}));
  }

  /** Of one that nobody's words tell the driver of, any driver may know. */
  private void tellDrains(Task leaving) {
    String id = leaving.id();
    String driver = endings.driverOf(leaving);
    boolean unknown = driver.isEmpty() ? sight.isBlind() : sight.blindness(driver).isPresent();
    if (sight.isBusy(id) || unknown) {
      return;
    }
    Optional<TaskState> task = sight.of(id).map(Found::state);
    if (task.isEmpty()) {
      drains.ended(id, "not there");
    } else {
      task.get().exit().ifPresent(exit -> drains.ended(id, exit.toString()));
    }
  }

  private Optional<Duration> tend(String id, Wanted want, Duration now) {
    if (sight.isBusy(id) || drains.hasTask(id) || starts.isRefused(id, want) || waits(id, want)) {
      return Optional.empty();
    }
    if (sight.isRunning(id)) {
      return keep(id, want, now);
    }
    if (endings.isActedOn(id)) {
      return Optional.empty();
    }
    boolean ours = restarts.remove(id);
    endings.drop(id);
    if (!ours) {
      starts.hearOfItsEnd(id, want);
    }
    Attempts tries = starts.tries(id);
    if (tries.isFailed()
        || !wants.isRegistered(want)
        || want.services().stream().anyMatch(service -> fence.isClosed(service.value()))) {
      return Optional.empty();
    }
    if (now.compareTo(tries.next()) < 0) {
      return Optional.of(tries.next());
    }
    starts.start(id, want);
    return Optional.empty();
  }

  /** Nobody knows whether it runs. */
  private boolean waits(String id, Wanted want) {
    Optional<String> why = blindness(id, want);
    why.filter(text -> !text.equals(saidBlind.put(id, text)))
        .ifPresent(text -> log.warn("task {} waits: {}", id, text));
    if (why.isEmpty()) {
      saidBlind.remove(id);
    }
    return why.isPresent();
  }

  /**
   * Returns why nobody knows whether a task runs; also one that its driver of before may run. What
   * no driver here can start is refused instead.
   */
  Optional<String> blindness(String id, Wanted want) {
    return Optional.of(want.driver())
        .filter(hands::knows)
        .flatMap(sight::blindness)
        .or(() -> records.of(id).flatMap(before -> sight.blindness(before.driver())));
  }

  /**
   * Of what runs as it should, only how it is to be ended may have changed, and where it listens
   * besides.
   */
  private Optional<Duration> keep(String id, Wanted want, Duration now) {
    if (restarts.has(id)) {
      return restarts.step(id, want.driver(), now);
    }
    if (!sight.of(id).orElseThrow().state().hash().equals(want.hash())) {
      return Optional.empty();
    }
    starts.runs(id);
    Optional<TaskRecord> before = records.of(id);
    if (before.filter(old -> want.launch().mustRestart(old.listening())).isPresent()) {
      log.info("task {} is started again: its proxy cannot move its listeners", id);
      return Optional.of(restarts.begin(want, now));
    }
    if (!before.equals(Optional.of(want.record()))) {
      records.keep(want.record());
    }
    return Optional.empty();
  }

  /** Starts a task again where it stands, if it runs and may. */
  void restart(Launch launch, String why) {
    String id = Wants.id(launch);
    if (wants.has(id) && !sight.isBusy(id) && !restarts.has(id) && handle(launch).isPresent()) {
      log.warn("task {} of {} is started again: {}", id, launch.group(), why);
      restarts.begin(wants.all().get(id), ticker.now());
      sight.lookAgain();
    }
  }

  /** Returns what the machine knows a task by that runs and is not on its way out. */
  Optional<String> handle(Launch launch) {
    String id = Wants.id(launch);
    return sight
        .of(id)
        .map(Found::state)
        .filter(state -> state.isRunning() && !drains.hasTask(id))
        .map(TaskState::handle);
  }

  /** Returns why a task does not run, in words. */
  Optional<String> waitsFor(Launch launch) {
    if (handle(launch).isPresent()) {
      return Optional.empty();
    }
    String id = Wants.id(launch);
    String detail = wants.has(id) ? words.status(id).detail() : "";
    return Optional.of(
        "task "
            + launch.task().name()
            + (detail.isEmpty() ? " does not run yet" : " does not run: " + detail));
  }

  boolean isRegistered(ServiceId id) {
    return wants.isRegistered(id);
  }

  /** Returns the same with the tasks that go with its services. */
  Leaving behind(Leaving services) {
    return records.behind(services);
  }

  void close() {
    hands.close();
  }
}
