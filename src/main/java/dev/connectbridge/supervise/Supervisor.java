package dev.connectbridge.supervise;

import static java.util.stream.Collectors.toSet;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.drain.Drain;
import dev.connectbridge.drain.Drain.Request;
import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.drain.Receipt.Cause;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.spec.Spelling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that what leaves does so in order, and that a proxy runs behind what is registered.
 * Its thread owns drains and tasks and decides; it waits for nobody: requests run in lanes, and
 * what came of them is told to it. Safe for use by several threads.
 */
public final class Supervisor implements Departures, Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
  private static final long RECEIPTS = 10_000_000;
  private static final int MOST_NAMED = 20;
  private static final Duration LONG = Duration.ofHours(1);

  private final Drains.Edges edges;
  private final Drains drains;
  private final Tasks tasks;
  private final Holds holds;
  private final ScriptChecks scripts;
  private final Probes probes;
  private final Gate gate;
  private final Looks looks = new Looks();
  private final Runnable wakePasses;
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final Semaphore signal = new Semaphore(0);
  private Optional<Desired> desired = Optional.empty();
  private boolean leavingAll;
  private volatile boolean closed;
  private volatile boolean idle = true;

  /**
   * Creates one; nothing is asked, read or started before it {@link #run runs}.
   *
   * @param wakePasses asks for a pass, because something may be written again
   */
  public static Supervisor of(Supervision settings, AgentApi agent, Runnable wakePasses) {
    return new Supervisor(
        settings,
        agent,
        new Outside(settings.proof(agent), Lanes.ofThreads(), Ticker.SYSTEM, Knock.TCP),
        wakePasses);
  }

  /** What it works with besides the agent. */
  record Outside(Proof proof, Lanes lanes, Ticker ticker, Knock knock) {}

  Supervisor(Supervision settings, AgentApi agent, Outside outside, Runnable wakePasses) {
    this.wakePasses = wakePasses;
    this.edges =
        new Drains.Edges(
            agent,
            outside.proof(),
            outside.lanes(),
            new Fence(),
            new DrainJournal(settings.file("drains.jsonl", 0)),
            new ReceiptBook(settings.file("receipts.jsonl", RECEIPTS)),
            outside.ticker(),
            this::tell);
    TaskHands hands = settings.hands(outside.lanes(), this::tell);
    Endings endings = new Endings(hands);
    this.drains = new Drains(edges, endings, settings.policy());
    this.tasks = new Tasks(hands, endings, drains, edges);
    this.holds = new Holds(edges.journal(), edges.fence());
    this.scripts = new ScriptChecks(edges, hands, tasks);
    this.probes = new Probes(edges, hands, tasks, outside.knock());
    this.gate = new Gate(edges, hands, tasks, new ReadinessReads(agent, settings.catalog()));
    drains.onFinish(this::finished);
  }

  private void finished(Drain drain) {
    tasks.wants().gone(drain.leaving());
    if (!drain.isCancelled()) {
      looks.removed(drain.leaving().services().stream().map(Service::id).toList());
    }
    wakePasses.run();
  }

  /** Has something done by the supervisor's own thread, soon. */
  private void tell(Runnable news) {
    inbox.add(news);
    idle = false;
    signal.release();
  }

  @Override
  public boolean isLeaving(ServiceId id) {
    return edges.fence().isClosed(id.value());
  }

  @Override
  public void looks() {
    looks.look();
  }

  /** A token that takes the place of this one meanwhile may write it, and is not believed to. */
  @Override
  public boolean mayWrite(ServiceId id) {
    String token;
    try {
      token = edges.agent().tokenMark();
    } catch (AgentException e) {
      token = "";
    }
    return edges.fence().enter(id.value(), token);
  }

  @Override
  public void wrote(ServiceId id, boolean done) {
    edges.fence().exit(id.value(), done);
  }

  @Override
  public void leave(List<Removal> unwanted) {
    Duration now = edges.ticker().now();
    long look = looks.last();
    tell(
        () -> {
          looks.goBy(look);
          SortedMap<String, List<Removal>> groups = new TreeMap<>();
          for (Removal removal : unwanted) {
            if (!looks.isOutdated(removal.service().value())) {
              groups
                  .computeIfAbsent(removal.service().allocation(), any -> new ArrayList<>())
                  .add(removal);
            }
          }
          groups.values().forEach(group -> begin(leaving(group), cause(), now));
        });
  }

  private Cause cause() {
    return leavingAll ? Cause.SHUTDOWN : Cause.UNWANTED;
  }

  private Leaving leaving(List<Removal> removals) {
    Removal first = removals.get(0);
    List<Service> services = removals.stream().map(Supervisor::service).toList();
    return tasks.behind(
        new Leaving(
            first.service().allocation(),
            first.marks().group(),
            first.marks().source(),
            services,
            List.of(),
            Duration.ZERO));
  }

  private static Service service(Removal removal) {
    return new Service(
        removal.service().value(), removal.name(), removal.hasSidecar(), removal.isOrphan());
  }

  private Optional<CompletableFuture<DrainReceipt>> begin(
      Leaving leaving, Cause cause, Duration at) {
    return drains.begin(leaving, new Request(cause, at, false, Optional.empty()));
  }

  @Override
  public void see(Desired wanted, Set<ServiceId> registered) {
    long look = looks.last();
    tell(
        () -> {
          looks.goBy(look);
          desired = Optional.of(wanted);
          if (!leavingAll) {
            if (holds.see(wanted)) {
              wakePasses.run();
            }
            tasks.see(
                wanted,
                registered.stream().filter(id -> !looks.isOutdated(id.value())).collect(toSet()));
            scripts.see(wanted);
            probes.see(wanted);
            gate.see(wanted);
            drains.wantedAgain(ids(wanted), tasks.leftovers().right());
          }
        });
  }

  /** What somebody's word holds back is not wanted. */
  private Set<String> ids(Desired wanted) {
    Set<String> ids = new TreeSet<>();
    wanted.workloads().forEach(workload -> ids.add(workload.registration().id().value()));
    ids.removeIf(edges.fence()::isHeld);
    return ids;
  }

  /**
   * Drains a group that is wanted, and holds it back until its spec changes or goes, or {@link
   * #resume}.
   *
   * @param group the instance: {@code job.group[index]} or {@code job/group[index]}
   * @param hurried whether its delays are left out
   * @param deadline how long the proof may take, in place of the delays and the floor
   * @return the receipt; it fails with an IllegalArgumentException when there is no such group
   */
  public CompletableFuture<DrainReceipt> drain(
      String group, boolean hurried, Optional<Duration> deadline) {
    Duration now = edges.ticker().now();
    return asking(
        () -> {
          List<Workload> workloads = named(group);
          Leaving leaving = tasks.behind(leavingOf(workloads));
          holds.hold(leaving, Holds.print(workloads));
          return drains
              .begin(leaving, new Request(Cause.COMMAND, now, hurried, deadline))
              .orElseThrow(() -> new IllegalArgumentException("nothing to drain in " + group));
        });
  }

  /**
   * Lets a group back that was drained by name, and tries its tasks anew.
   *
   * @return completes with whether it was held back; it fails with an IllegalArgumentException when
   *     there is no such group
   */
  public CompletableFuture<Boolean> resume(String group) {
    return asking(
        () -> {
          Optional<String> held =
              holds.groups().stream().filter(one -> plain(one).equals(plain(group))).findFirst();
          String name = held.orElseGet(() -> named(group).get(0).registration().marks().group());
          boolean released = holds.release(name);
          tasks.retry(name);
          if (!leavingAll) {
            desired.ifPresent(wanted -> drains.wantedAgain(ids(wanted), tasks.leftovers().right()));
          }
          wakePasses.run();
          return CompletableFuture.completedFuture(released);
        });
  }

  private <T> CompletableFuture<T> asking(Supplier<CompletableFuture<T>> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    tell(
        () -> {
          try {
            var unused =
                question
                    .get()
                    .whenComplete(
                        (value, error) -> {
                          if (error == null) {
                            answer.complete(value);
                          } else {
                            answer.completeExceptionally(error);
                          }
                        });
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private static String plain(String group) {
    return group.replace('/', '.');
  }

  private List<Workload> named(String group) {
    List<Workload> workloads =
        desired.map(Desired::workloads).orElse(List.of()).stream()
            .filter(workload -> plain(workload.registration().marks().group()).equals(plain(group)))
            .toList();
    if (workloads.isEmpty()) {
      throw new IllegalArgumentException(unknown(group));
    }
    return workloads;
  }

  private static String some(SortedSet<String> groups) {
    int more = groups.size() - MOST_NAMED;
    return groups.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private String unknown(String group) {
    SortedSet<String> known = new TreeSet<>();
    desired
        .map(Desired::workloads)
        .orElse(List.of())
        .forEach(workload -> known.add(workload.registration().marks().group()));
    return "no group is called "
        + Spelling.quoted(group)
        + Spelling.didYouMean(plain(group), known)
        + (known.isEmpty() ? " (there are none)" : " (there are " + some(known) + ")");
  }

  private static Leaving leavingOf(List<Workload> workloads) {
    Registration first = workloads.get(0).registration();
    return new Leaving(
        first.id().allocation(),
        first.marks().group(),
        first.marks().source(),
        workloads.stream().map(Wants::service).toList(),
        List.of(),
        workloads.get(0).shutdownDelay());
  }

  @Override
  public void leaveAll() {
    Duration now = edges.ticker().now();
    tell(
        () -> {
          leavingAll = true;
          SortedMap<String, List<Workload>> groups = new TreeMap<>();
          desired
              .map(Desired::workloads)
              .orElse(List.of())
              .forEach(
                  workload ->
                      groups
                          .computeIfAbsent(
                              workload.registration().id().allocation(), any -> new ArrayList<>())
                          .add(workload));
          groups.values().stream()
              .map(group -> tasks.behind(leavingOf(group)))
              .filter(leaving -> !leaving.tasks().isEmpty() || !isHeld(leaving))
              .forEach(leaving -> begin(leaving, Cause.SHUTDOWN, now));
          tasks.leftovers().unwanted().forEach(rest -> begin(rest, Cause.SHUTDOWN, now));
        });
  }

  /** What is held back is gone already, or a pass that finds it there hands it over. */
  private boolean isHeld(Leaving leaving) {
    return leaving.services().stream().allMatch(service -> edges.fence().isHeld(service.id()));
  }

  @Override
  public boolean isIdle() {
    return idle;
  }

  /** Returns how things stand. */
  public CompletableFuture<Status> status() {
    return asking(
        () ->
            CompletableFuture.completedFuture(
                new Status(
                    drains.underWay().stream().map(Drain::receipt).toList(),
                    drains.notProven(),
                    holds.groups(),
                    tasks.words().status(),
                    tasks.words().warnings(),
                    gate.ready())));
  }

  /**
   * Returns whether whoever starts a group's application may start it.
   *
   * @param group the instance: {@code job.group[index]} or {@code job/group[index]}
   * @param upstreams whether its upstreams must be reachable as well
   * @return fails with an IllegalArgumentException when there is no such group, and with an
   *     IllegalStateException when upstreams are asked for and there are no servers to ask
   */
  public CompletableFuture<Readiness> readiness(String group, boolean upstreams) {
    return asking(() -> gate.ask(plain(group), upstreams));
  }

  /** Takes up what an earlier process has left; before any pass, and before it runs. */
  public void recover() {
    DrainJournal.Left left = edges.journal().read();
    left.drains().forEach(drains::takeUp);
    left.held().forEach(holds::takeUp);
    tasks.recover(() -> tell(tasks.sight()::lookAgain));
    idle = drains.isEmpty();
  }

  /** Works until it is closed. */
  @Override
  public void run() {
    try {
      while (!closed) {
        Duration wait = turn();
        if (signal.tryAcquire(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS)) {
          signal.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hears the news, does what is due, and returns how long there is nothing to do. */
  Duration turn() {
    try {
      for (Runnable news = inbox.poll(); news != null; news = inbox.poll()) {
        news.run();
      }
      List<Duration> later = new ArrayList<>();
      drains.step().ifPresent(later::add);
      if (!leavingAll) {
        tasks
            .leftovers()
            .unwanted()
            .forEach(rest -> begin(rest, Cause.UNWANTED, edges.ticker().now()));
        tasks
            .leftovers()
            .replaced()
            .forEach(old -> begin(old, Cause.REPLACED, edges.ticker().now()));
      }
      tasks.step(leavingAll).ifPresent(later::add);
      drains.step().ifPresent(later::add);
      if (!leavingAll) {
        scripts.step().ifPresent(later::add);
        probes.step().ifPresent(later::add);
        gate.step().ifPresent(later::add);
      }
      idle = drains.isEmpty() && inbox.isEmpty() && !tasks.sight().isBusy();
      if (!inbox.isEmpty()) {
        return Duration.ZERO;
      }
      Duration now = edges.ticker().now();
      return later.stream().min(Duration::compareTo).map(at -> at.minus(now)).orElse(LONG);
    } catch (RuntimeException e) {
      log.error("a turn failed in a way that it should not have", e);
      return Duration.ofSeconds(1);
    }
  }

  /** Ends: writes the receipts of what is not over yet, and lets go of everything. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      signal.release();
      edges.proof().close();
      edges.lanes().close();
      tasks.close();
    }
  }

  /** Writes the receipts of what cannot be waited for any longer. */
  public CompletableFuture<Void> abandon() {
    return asking(
        () -> {
          drains.abandon();
          return CompletableFuture.completedFuture(null);
        });
  }
}
