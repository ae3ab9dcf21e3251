package dev.connectbridge;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.consul.CatalogApi;
import dev.connectbridge.consul.CatalogApi.NodeServices;
import dev.connectbridge.consul.ConsulAgent;
import dev.connectbridge.converge.Convergence;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.plan.BlastRadius;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.reconcile.Reconciler;
import dev.connectbridge.reconcile.View;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.source.Source;
import dev.connectbridge.supervise.DrainReceipt;
import dev.connectbridge.supervise.Readiness;
import dev.connectbridge.supervise.Status;
import dev.connectbridge.supervise.Supervisor;
import dev.connectbridge.writer.FencedAgent;
import dev.connectbridge.writer.Mandate;
import dev.connectbridge.writer.Writership;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Makes one Consul agent hold what a {@link Source} says, for one owner.
 *
 * <p>Two ways of use: {@link #plan} and {@link #runOnce} from one thread at a time, or {@link
 * #start} and {@link #close}, between which a thread of its own does the work. Not both at once.
 * {@link #wake}, {@link #await} and {@link #close} may be called from any thread.
 *
 * <p>What the agent refuses and what is wrong with a group stand in the {@link Outcome}, or in the
 * log of a started bridge; neither ends it. A failed pass is repeated: at once and then ever more
 * slowly, up to 30 seconds, and at every resync.
 */
public final class Bridge implements AutoCloseable {
  private final Parts parts;
  private final AgentApi agent;
  private final Reconciler reconciler;
  private volatile Shift shift;
  private volatile boolean closed;

  Bridge(Parts parts) {
    this.parts = parts;
    this.agent = parts.agent();
    this.reconciler =
        new Reconciler(
            new FencedAgent(agent, parts.owner()), parts.decisions(), parts.kept().memory());
  }

  /**
   * Returns a builder with owner {@code default}, the agent on 127.0.0.1:8500 and no source. It is
   * for one thread, and for one bridge.
   */
  public static BridgeBuilder builder() {
    return new BridgeBuilder();
  }

  /** Returns what specs may call the drivers that {@link java.util.ServiceLoader} finds. */
  public static SortedSet<String> driversFound() {
    return BridgeBuilder.driversFound();
  }

  /**
   * Compares the source with the agent; changes nothing.
   *
   * @throws AgentException when the agent cannot be read
   * @throws IllegalStateException when the bridge is started or closed
   */
  public View plan() throws AgentException {
    refuseWhileStarted();
    return reconciler.look(parts.source().read());
  }

  /**
   * Does one pass; what could not be done stands in the outcome. Nothing is tried a second time.
   *
   * @throws IllegalStateException when the bridge is started or closed
   */
  public Outcome runOnce() {
    return runOnce(view -> {});
  }

  /**
   * Does one pass, and shows what it is about to do before anything is done. Removals that look
   * like a mistake are withheld, and stand in the outcome.
   *
   * @param before called on this thread; what it throws is thrown on, and nothing is done
   * @throws IllegalStateException when the bridge is started or closed
   */
  public Outcome runOnce(Consumer<View> before) {
    return runOnce(Consent.NONE, before);
  }

  /**
   * Does one pass, and shows what it is about to do before anything is done.
   *
   * @param consent whether removals that look like a mistake are meant
   * @param before called on this thread; what it throws is thrown on, and nothing is done
   * @throws IllegalStateException when the bridge is started or closed
   */
  public Outcome runOnce(Consent consent, Consumer<View> before) {
    refuseWhileStarted();
    return reconciler.pass(parts.source().read(), consent, before);
  }

  private void refuseWhileStarted() {
    refuseOnceClosed();
    if (shift != null) {
      throw new IllegalStateException("the bridge is started: its own thread does the passes");
    }
  }

  private void refuseOnceClosed() {
    if (closed) {
      throw new IllegalStateException("the bridge is closed: build another one");
    }
  }

  /** Returns whether a started bridge of this owner and agent runs on this machine. */
  public boolean isStartedElsewhere() {
    return Locks.areHeld(parts);
  }

  /**
   * Returns who has the lock in Consul of this owner and agent, in words; empty when nobody has it,
   * or that cannot be learnt.
   */
  public Optional<String> writer() {
    return parts.seat().flatMap(Writership.Seat::holder);
  }

  /**
   * Starts to work, until {@link #close}, and returns after half a second at most. The agent need
   * not be there yet. While another bridge of this owner works for this agent, this one waits in
   * {@link #mandate standby}, and takes over once that one has ended. A second start does nothing.
   *
   * @throws IllegalStateException when a bridge of another owner or agent has this data directory,
   *     or this one is closed
   * @throws UncheckedIOException when no directory for the lock can be written
   */
  public synchronized void start() {
    refuseOnceClosed();
    if (shift == null) {
      shift = new Shift(parts, this::wake);
      boolean begun = false;
      try {
        shift.start();
        begun = true;
      } finally {
        shift = begun ? shift : null;
      }
    }
  }

  /**
   * Returns whether a started bridge may write, or waits for another one, and why.
   *
   * @throws IllegalStateException when the bridge is not started
   */
  public Mandate mandate() {
    return shift().mandate();
  }

  /**
   * Asks the agent who it is, and waits for the answer; from any thread.
   *
   * @throws AgentException when it does not answer, or does not tell this token
   */
  public AgentFacts agent() throws AgentException {
    return agent.facts();
  }

  /** Asks a started bridge for a pass now; returns at once. */
  public void wake() {
    Shift begun = shift;
    if (begun != null) {
      begun.working().ifPresent(running -> running.loop().wake());
    }
  }

  /**
   * Drains a group of a started bridge and holds it back until its spec changes or goes, or {@link
   * #resume}: its services are deregistered, that is proven in the catalog, and only then are the
   * tasks that this bridge runs for it signalled.
   *
   * @param group the instance: {@code job/group[index]}
   * @param deadline how long the proof may take; empty is the delays of its spec, at least {@link
   *     DrainPolicy#floor}
   * @return the receipt, from another thread; or an IllegalArgumentException for an unknown group
   * @throws IllegalStateException when the bridge is not started or does not {@link #isWorking
   *     work}
   */
  public CompletionStage<DrainReceipt> drain(String group, Optional<Duration> deadline) {
    return supervisor().drain(group, false, deadline);
  }

  /**
   * Drains a group as {@link #drain} does, and leaves its delays out.
   *
   * @throws IllegalStateException when the bridge is not started or does not {@link #isWorking
   *     work}
   */
  public CompletionStage<DrainReceipt> drainNow(String group, Optional<Duration> deadline) {
    return supervisor().drain(group, true, deadline);
  }

  /**
   * Returns what a started bridge does not remove because it looks like a mistake: from {@link
   * BlastRadius#FROM} groups on, more than half of them at once.
   *
   * @throws IllegalStateException when the bridge is not started or does not {@link #isWorking
   *     work}
   */
  public Optional<Withheld> withheld() {
    return started().withheld();
  }

  /**
   * Consents, once, to what is withheld: the next pass, which is asked for, removes it.
   *
   * @param digest {@link Withheld#digest} of what was seen; empty is whatever there is
   * @return what goes
   * @throws IllegalStateException when nothing is withheld, or something else than was seen, or the
   *     bridge is not started or does not {@link #isWorking work}
   */
  public Withheld approve(String digest) {
    Withheld going = started().approve(digest);
    wake();
    return going;
  }

  /**
   * Takes an entry under an ID that the source wants and somebody else holds or keeps changing: the
   * next pass writes it.
   *
   * @return the ID; or an IllegalArgumentException when there is nothing to take
   * @throws IllegalStateException when the bridge is not started or does not {@link #isWorking
   *     work}
   */
  public CompletionStage<List<String>> adopt(String id) {
    return said(started().adopt(id));
  }

  /**
   * Gives the entries of a group, or one entry, away: they stay registered without our marks, and
   * are not written before their spec changes, {@link #adopt} or {@link #forget}. The data
   * directory keeps that; without one it is known until the bridge ends.
   *
   * @param name the group, {@code job/group[index]}, or the ID of one service
   * @return the IDs; or an IllegalArgumentException when the agent holds none of ours by that name
   * @throws IllegalStateException when the bridge is not started or does not {@link #isWorking
   *     work}
   */
  public CompletionStage<List<String>> release(String name) {
    return said(started().release(name));
  }

  /**
   * Forgets what is remembered of an entry beside what the agent holds: the fight over it, that it
   * was released, and its ports.
   *
   * @return what was forgotten
   * @throws IllegalStateException when the bridge is not started or does not {@link #isWorking
   *     work}
   */
  public CompletionStage<List<String>> forget(String id) {
    return said(started().forget(id));
  }

  private CompletionStage<List<String>> said(CompletionStage<List<String>> answer) {
    wake();
    return answer;
  }

  /**
   * Returns the entries that are no longer written because others change them again and again.
   *
   * @throws IllegalStateException when the bridge is not started or does not {@link #isWorking
   *     work}
   */
  public SortedMap<String, String> fights() {
    return started().fights();
  }

  private Reconciler started() {
    return running().reconciler();
  }

  /**
   * Lets a group back that was drained; completes with whether it was held back, or with an
   * IllegalArgumentException for an unknown group.
   *
   * @throws IllegalStateException when the bridge is not started or does not {@link #isWorking
   *     work}
   */
  public CompletionStage<Boolean> resume(String group) {
    return supervisor().resume(group);
  }

  /**
   * Returns how drains and tasks stand.
   *
   * @throws IllegalStateException when the bridge is not started or does not {@link #isWorking
   *     work}
   */
  public CompletionStage<Status> status() {
    return supervisor().status();
  }

  /**
   * Returns whether whoever starts the application of a group may start it: its services are
   * registered, the tasks that this bridge runs for it run, and the checks of its sidecars pass,
   * other than the one that repeats what the application's own checks say. It is told as things
   * stand; who waits asks again.
   *
   * @param group the instance: {@code job/group[index]}
   * @param upstreams whether its upstreams must be allowed and have a healthy instance as well
   * @return the answer, from another thread; or an IllegalArgumentException for an unknown group,
   *     or an IllegalStateException for upstreams of which nobody can be asked
   * @throws IllegalStateException when the bridge is not started or does not {@link #isWorking
   *     work}
   */
  public CompletionStage<Readiness> readiness(String group, boolean upstreams) {
    return supervisor().readiness(group, upstreams);
  }

  /**
   * Returns how far every entry has come, and what Consul's servers still hold of what is gone. To
   * say whether proxies listen and upstreams are ready, the agent is asked, for 50 groups at most;
   * of more, those are asked whose last turn was longest ago, and only their entries tell it.
   *
   * @return the answer, from another thread
   * @throws IllegalStateException when the bridge is not started or does not {@link #isWorking
   *     work}
   */
  public CompletionStage<Convergence> convergence() {
    return running().convergence();
  }

  /**
   * Removes a ghost: what the catalog holds under this owner's marks although the agent does not,
   * nor does the source want it. Three exchanges; waits for them.
   *
   * @return whether there was such a ghost, as far as the token may read
   * @throws AgentException when it may still be there
   * @throws IllegalStateException when the bridge is not started or does not {@link #isWorking
   *     work}, or nobody said how to ask Consul's servers
   */
  public boolean removeGhost(String id) throws AgentException {
    CatalogApi servers =
        running()
            .servers()
            .orElseThrow(
                () -> new IllegalStateException("nobody said how to ask Consul's servers"));
    NodeServices node = servers.ours(parts.nodeName(), 0, Duration.ZERO);
    if (!node.nodeKnown()) {
      throw new AgentException(
          Kind.FORBIDDEN,
          "Consul's servers say nothing of this node to this token: it takes node:read",
          null);
    }
    Marks marks = node.marks().get(id);
    return marks != null
        && running().isNowhere(id)
        && marks.owner().equals(parts.owner())
        && !agent.holds(id)
        && servers.removeGhost(parts.nodeName(), id);
  }

  /** Returns whether a started bridge works; else it waits for its turn, and knows nothing. */
  public boolean isWorking() {
    return shift().working().isPresent();
  }

  private Supervisor supervisor() {
    return running().supervisor();
  }

  private Daemon running() {
    Shift begun = shift();
    return begun
        .working()
        .orElseThrow(
            () -> new IllegalStateException("the bridge does not work: " + begun.mandate().why()));
  }

  private Shift shift() {
    Shift begun = shift;
    if (begun == null) {
      throw new IllegalStateException("the bridge is not started");
    }
    return begun;
  }

  /**
   * Waits until a started bridge has ended, without asking it to; returns whether everything that
   * was to be deregistered is gone at the agent.
   *
   * @throws InterruptedException when this thread is interrupted; the bridge goes on
   */
  public boolean await() throws InterruptedException {
    Shift begun = shift;
    if (begun == null) {
      return true;
    }
    if (!closed) {
      begun.await();
    }
    return begun.drained();
  }

  /**
   * Ends. A started bridge first drains what its owner registered, unless it is to leave it; that
   * takes at most the longest delays of its groups plus 10 seconds, for which this thread waits,
   * whether or not the agent has answered. Left tasks run on. A second close does nothing.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (shift != null) {
        shift.end();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    parts.source().close();
    if (agent instanceof ConsulAgent own) {
      own.close();
    }
  }
}
