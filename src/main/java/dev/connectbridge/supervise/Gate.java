package dev.connectbridge.supervise;

import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.supervise.Lanes.Lane;
import dev.connectbridge.supervise.Readiness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which groups are ready. Of a group whose tasks run, the agent is asked until it is ready, and not
 * again before its tasks or its registrations are others. For the supervisor's thread alone.
 */
final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);
  private static final Duration OFTEN = Duration.ofSeconds(1);
  private static final Duration RARELY = Duration.ofSeconds(10);

  /** A check that asks every ten seconds has had its say by then, more than once. */
  private static final int OFTEN_AT_FIRST = 30;

  private final Edges edges;
  private final TaskHands hands;
  private final Tasks tasks;
  private final ReadinessReads reads;
  private final SortedMap<String, Watch> watches = new TreeMap<>();
  private boolean whole;

  Gate(Edges edges, TaskHands hands, Tasks tasks, ReadinessReads reads) {
    this.edges = edges;
    this.hands = hands;
    this.tasks = tasks;
    this.reads = reads;
  }

  private static final class Watch {
    private List<Workload> workloads = List.of();
    private String mark = "";
    private boolean busy;
    private boolean ready;
    private int asked;
    private Duration next = Duration.ZERO;
  }

  void see(Desired wanted) {
    SortedMap<String, List<Workload>> groups = new TreeMap<>();
    for (Workload workload : wanted.workloads()) {
      groups
          .computeIfAbsent(workload.registration().marks().group(), any -> new ArrayList<>())
          .add(workload);
    }
    watches.keySet().retainAll(groups.keySet());
    groups.forEach(
        (group, workloads) ->
            watches.computeIfAbsent(group, any -> new Watch()).workloads = workloads);
    whole = wanted.complete() && wanted.frozen().isEmpty();
  }

  /** Does what is due; returns when to look again though nothing happens. */
  Optional<Duration> step() {
    Duration now = edges.ticker().now();
    List<Duration> later = new ArrayList<>();
    watches.forEach((group, watch) -> tend(group, watch, now).ifPresent(later::add));
    return later.stream().min(Duration::compareTo);
  }

  private Optional<Duration> tend(String group, Watch watch, Duration now) {
    String mark = mark(watch);
    if (!mark.equals(watch.mark)) {
      watch.mark = mark;
      watch.ready = false;
      watch.asked = 0;
      watch.next = now;
    }
    if (mark.isEmpty() || watch.ready || watch.busy) {
      return Optional.empty();
    }
    if (now.compareTo(watch.next) < 0) {
      return Optional.of(watch.next);
    }
    watch.asked = Math.min(watch.asked + 1, OFTEN_AT_FIRST + 1);
    watch.next = now.plus(watch.asked > OFTEN_AT_FIRST ? RARELY : OFTEN);
    watch.busy = true;
    List<Workload> workloads = watch.workloads;
    edges
        .lanes()
        .run(
            Lane.ASK,
            () -> {
              Readiness readiness = reads.ofProxies(workloads);
              edges.tell().accept(() -> heard(group, watch, mark, readiness));
            });
    return Optional.empty();
  }

  /** Returns what tells this start of a group's tasks from others; empty when it waits for us. */
  private String mark(Watch watch) {
    if (!hands.runsTasks()
        || watch.workloads.stream().noneMatch(workload -> workload.launch().isPresent())
        || waitsFor(watch.workloads).isPresent()) {
      return "";
    }
    List<String> handles =
        watch.workloads.stream()
            .flatMap(workload -> workload.launch().flatMap(tasks::handle).stream())
            .distinct()
            .toList();
    return String.join(" ", handles);
  }

  private void heard(String group, Watch watch, String mark, Readiness readiness) {
    watch.busy = false;
    if (mark.equals(watch.mark) && readiness.isReady()) {
      watch.ready = true;
      log.info("group {} is ready", group);
    }
  }

  /** Returns what a group waits for that is ours to do. */
  private Optional<String> waitsFor(List<Workload> workloads) {
    for (Workload workload : workloads) {
      String name = workload.registration().name();
      if (edges.fence().isClosed(workload.registration().id().value())) {
        return Optional.of(name + " is drained, or held back");
      }
      if (!tasks.isRegistered(workload.registration().id())) {
        return Optional.of(name + " is not registered yet");
      }
      Optional<String> task =
          hands.runsTasks() ? workload.launch().flatMap(tasks::waitsFor) : Optional.empty();
      if (task.isPresent()) {
        return task;
      }
    }
    return Optional.empty();
  }

  /** Returns the groups that have become ready since their tasks were started. */
  SortedSet<String> ready() {
    SortedSet<String> ready = new TreeSet<>();
    watches.forEach(
        (group, watch) -> {
          if (watch.ready) {
            ready.add(group);
          }
        });
    return ready;
  }

  /**
   * Asks how a group stands now.
   *
   * @return fails with an IllegalArgumentException when there is no such group, and with an
   *     IllegalStateException when its upstreams are asked for and nobody can be asked
   */
  CompletableFuture<Readiness> ask(String group, boolean upstreams) {
    Watch watch = watches.get(group);
    if (upstreams && reads.catalog().isEmpty()) {
      throw new IllegalStateException("nobody said how to ask Consul's servers");
    }
    if (watch == null && whole) {
      throw new IllegalArgumentException("no group is called " + group);
    }
    Optional<String> waits =
        watch == null ? Optional.of("what is wanted is not known yet") : waitsFor(watch.workloads);
    if (waits.isPresent()) {
      return CompletableFuture.completedFuture(new Waiting(waits.get()));
    }
    CompletableFuture<Readiness> answer = new CompletableFuture<>();
    edges.lanes().run(Lane.ASK, () -> answer(answer, watch.workloads, upstreams));
    return answer;
  }

  private void answer(
      CompletableFuture<Readiness> answer, List<Workload> workloads, boolean upstreams) {
    try {
      Readiness near = reads.ofProxies(workloads);
      answer.complete(near.isReady() && upstreams ? reads.ofUpstreams(workloads) : near);
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }
}
