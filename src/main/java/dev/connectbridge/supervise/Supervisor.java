package dev.connectbridge.supervise;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.drain.Drain;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.ServiceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
  private static final Duration LONG = Duration.ofHours(1);

  private final Edges edges;
  private final Drains drains;
  private final Tasks tasks;
  private final Holds holds;
  private final Leavers leavers;
  private final ScriptChecks scripts;
  private final Probes probes;
  private final Gate gate;
  private final Looks looks = new Looks();
  private final Runnable wakePasses;
  private final Inbox inbox = new Inbox();
  private volatile boolean closed;

  /**
   * Creates one; nothing is asked, read or started before it {@link #run runs}.
   *
   * @param wakePasses asks for a pass, because something may be written again
   */
  public static Supervisor of(Supervision settings, AgentApi agent, Runnable wakePasses) {
    return new Supervisor(
        settings,
        agent,
        new Outside(settings.proof(), Lanes.ofThreads(), Ticker.SYSTEM, Knock.TCP),
        wakePasses);
  }

  /** What it works with besides the agent. */
  record Outside(Proof proof, Lanes lanes, Ticker ticker, Knock knock) {}

  Supervisor(Supervision settings, AgentApi agent, Outside outside, Runnable wakePasses) {
    this.wakePasses = wakePasses;
    this.edges =
        new Edges(
            agent,
            settings.ours(),
            outside.proof(),
            outside.lanes(),
            new Fence(),
            new DrainJournal(settings.file("drains.jsonl", 0)),
            new ReceiptBook(settings.file("receipts.jsonl", RECEIPTS)),
            outside.ticker(),
            inbox::tell);
    TaskHands hands = settings.hands(outside.lanes(), inbox::tell);
    Endings endings = new Endings(hands);
    this.drains = new Drains(edges, endings, settings);
    this.tasks = new Tasks(hands, endings, drains, edges);
    this.holds = new Holds(edges.journal(), edges.fence());
    this.scripts = new ScriptChecks(edges, hands, tasks);
    this.probes = new Probes(edges, hands, tasks, outside.knock());
    this.gate = new Gate(edges, hands, tasks, new ReadinessReads(agent, settings.catalog()));
    this.leavers = new Leavers(drains, tasks, holds, edges.fence(), looks);
    drains.onFinish(
        drain -> {
          leavers.finished(drain);
          wakePasses.run();
        });
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
    inbox.tell(() -> leavers.handOver(unwanted, look, now));
  }

  @Override
  public void givenAway(Set<ServiceId> ids) {
    edges.fence().giveAway(ids.stream().map(ServiceId::value).toList());
  }

  @Override
  public void see(Desired wanted, Set<ServiceId> registered) {
    long look = looks.last();
    inbox.tell(
        () -> {
          if (leavers.see(wanted, registered, look)) {
            wakePasses.run();
          }
          if (!leavers.isAll()) {
            scripts.see(wanted);
            probes.see(wanted);
            gate.see(wanted);
          }
        });
  }

  @Override
  public void leaveAll() {
    Duration now = edges.ticker().now();
    inbox.tell(() -> leavers.all(now));
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
    return inbox.ask(() -> leavers.named(group, now, hurried, deadline));
  }

  /**
   * Lets a group back that was drained by name, and tries its tasks anew.
   *
   * @return completes with whether it was held back; it fails with an IllegalArgumentException when
   *     there is no such group
   */
  public CompletableFuture<Boolean> resume(String group) {
    return inbox.ask(
        () -> {
          boolean released = leavers.letBack(group);
          wakePasses.run();
          return CompletableFuture.completedFuture(released);
        });
  }

  @Override
  public boolean isIdle() {
    return inbox.isIdle();
  }

  /** Returns how things stand. */
  public CompletableFuture<Status> status() {
    return inbox.ask(
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
    return inbox.ask(() -> gate.ask(Groups.plain(group), upstreams));
  }

  /** Takes up what an earlier process has left; before any pass, and before it runs. */
  public void recover() {
    DrainJournal.Left left = edges.journal().read();
    left.drains().forEach(drains::takeUp);
    left.held().forEach(holds::takeUp);
    tasks.recover(() -> inbox.tell(tasks.sight()::lookAgain));
    inbox.rest(drains.isEmpty());
  }

  /** Works until it is closed. */
  @Override
  public void run() {
    try {
      while (!closed) {
        inbox.await(turn());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hears the news, does what is due, and returns how long there is nothing to do. */
  Duration turn() {
    try {
      inbox.hear();
      List<Duration> later = new ArrayList<>();
      drains.step().ifPresent(later::add);
      leavers.step(edges.ticker().now());
      tasks.step(leavers.isAll()).ifPresent(later::add);
      drains.step().ifPresent(later::add);
      if (!leavers.isAll()) {
        scripts.step().ifPresent(later::add);
        probes.step().ifPresent(later::add);
        gate.step().ifPresent(later::add);
      }
      inbox.rest(drains.isEmpty() && !tasks.sight().isBusy());
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
      inbox.wake();
      edges.proof().close();
      edges.lanes().close();
      tasks.close();
    }
  }

  /** Writes the receipts of what cannot be waited for any longer. */
  public CompletableFuture<Void> abandon() {
    return inbox.ask(
        () -> {
          drains.abandon();
          return CompletableFuture.completedFuture(null);
        });
  }
}
