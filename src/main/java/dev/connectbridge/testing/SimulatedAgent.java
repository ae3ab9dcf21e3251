package dev.connectbridge.testing;

import dev.connectbridge.testing.Answered.Ending;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A Consul agent in memory, with the servers behind it. It has no thread and no clock but the one
 * that it is given: whatever is due has happened when it is asked. Nothing is probed: {@link
 * #listens} says who answers checks. Safe for use by several threads.
 */
public final class SimulatedAgent {
  private final Insides in;
  private final Routes routes;
  private final List<Asked> writes = new ArrayList<>();
  private Function<Asked, Fault> faults = asked -> Fault.NONE;
  private long questions;
  private long changes;

  /**
   * What an agent is like.
   *
   * @param node the node's name
   * @param nodeId the node's ID
   * @param address its address
   * @param version its release
   * @param newer whether it answers as releases after 1.10 do
   * @param master the token that may do everything; where there is none, there are no ACLs
   * @param persistent whether it has a data directory
   * @param connect whether it has Connect
   * @param minPort the first port for sidecars that say none
   * @param maxPort the last one
   * @param connections how many connections it takes of one client
   * @param seed what its chance begins with
   */
  public record Options(
      String node,
      String nodeId,
      String address,
      String version,
      boolean newer,
      Optional<String> master,
      boolean persistent,
      boolean connect,
      int minPort,
      int maxPort,
      int connections,
      long seed) {

    /** Returns an agent like a {@code -dev} one of 1.8.7. */
    public static Options dev() {
      return new Options(
          "n1",
          "7641bde4-1f93-9855-d643-eb0e3210157e",
          "127.0.0.1",
          "1.8.7",
          false,
          Optional.empty(),
          false,
          true,
          21000,
          21255,
          200,
          1);
    }

    /** Returns the same with a data directory. */
    public Options withDirectory() {
      return new Options(
          node,
          nodeId,
          address,
          version,
          newer,
          master,
          true,
          connect,
          minPort,
          maxPort,
          connections,
          seed);
    }

    /** Returns the same with ACLs that deny by default, and a token that may do everything. */
    public Options withAcls(String token) {
      return new Options(
          node,
          nodeId,
          address,
          version,
          newer,
          Optional.of(token),
          persistent,
          connect,
          minPort,
          maxPort,
          connections,
          seed);
    }

    /** Returns the same with the answers of a newer release. */
    public Options newer(String release) {
      return new Options(
          node,
          nodeId,
          address,
          release,
          true,
          master,
          persistent,
          connect,
          minPort,
          maxPort,
          connections,
          seed);
    }

    /** Returns the same with another range of ports. */
    public Options withSidecarPorts(int first, int last) {
      return new Options(
          node,
          nodeId,
          address,
          version,
          newer,
          master,
          persistent,
          connect,
          first,
          last,
          connections,
          seed);
    }

    /** Returns the same without Connect. */
    public Options withoutConnect() {
      return new Options(
          node,
          nodeId,
          address,
          version,
          newer,
          master,
          persistent,
          false,
          minPort,
          maxPort,
          connections,
          seed);
    }

    /** Returns the same that takes so many connections of one client. */
    public Options withConnections(int most) {
      return new Options(
          node,
          nodeId,
          address,
          version,
          newer,
          master,
          persistent,
          connect,
          minPort,
          maxPort,
          most,
          seed);
    }

    /** Returns the same with another chance. */
    public Options withSeed(long other) {
      return new Options(
          node,
          nodeId,
          address,
          version,
          newer,
          master,
          persistent,
          connect,
          minPort,
          maxPort,
          connections,
          other);
    }

    Shape service() {
      return newer ? NEW_SERVICE : OLD_SERVICE;
    }

    Shape check() {
      return newer ? NEW_CHECK : OLD_CHECK;
    }

    private static final Shape OLD_SERVICE = Shape.service(false);
    private static final Shape NEW_SERVICE = Shape.service(true);
    private static final Shape OLD_CHECK = Shape.check(false);
    private static final Shape NEW_CHECK = Shape.check(true);
  }

  /** Starts one. */
  public SimulatedAgent(Options options, InstantSource clock) {
    this.in = new Insides(options, clock);
    this.routes = new Routes(in);
  }

  /** Answers; a query that would block is answered as if its wait were over. */
  public Answered answer(Asked asked) {
    Fault fault = fault(asked);
    return fault.upon(
        fault.arrives() ? attempt(asked, Instant.MIN).orElseThrow() : Answered.empty(0));
  }

  /** Returns what will go wrong with a question; asked once for each. */
  Fault fault(Asked asked) {
    Function<Asked, Fault> now;
    synchronized (this) {
      questions++;
      now = faults;
    }
    return now.apply(asked);
  }

  /** Answers, or is empty while whoever asked then is to wait for something to change. */
  synchronized Optional<Answered> attempt(Asked asked, Instant since) {
    if (!in.isUp()) {
      return Optional.of(Answered.ending(Ending.REFUSED));
    }
    in.tick();
    if (asked.isWrite()) {
      writes.add(asked);
      changed();
    }
    try {
      return routes.answer(asked, since);
    } catch (Refused e) {
      return Optional.of(e.answer());
    } catch (Filter.Panic e) {
      return Optional.of(Answered.ending(Ending.CLOSED));
    }
  }

  /** Waits, in the time of the machine, until something may have changed. */
  synchronized void awaitChange(long millis) throws InterruptedException {
    long seen = changes;
    for (int i = 0; i < 1 && changes == seen; i++) {
      wait(Math.max(1, millis));
    }
  }

  private synchronized void changed() {
    changes++;
    notifyAll();
  }

  InstantSource clock() {
    return in::now;
  }

  int connections() {
    return in.options().connections();
  }

  /** Says what goes wrong with each question from now on. */
  public synchronized void faults(Function<Asked, Fault> what) {
    faults = what;
  }

  /** Says which targets of checks answer, {@code host:port} or a URL. */
  public synchronized void listens(Predicate<String> who) {
    in.probing().listens(who);
  }

  /** Returns how often it was asked. */
  public synchronized long questions() {
    return questions;
  }

  /** Returns what was to be changed and arrived here, and forgets it. */
  public synchronized List<Asked> takeWrites() {
    List<Asked> taken = List.copyOf(writes);
    writes.clear();
    return taken;
  }

  /** Returns the IDs of the services that it holds. */
  public synchronized Set<String> services() {
    return new TreeSet<>(in.state().services().keySet());
  }

  /** Returns a service as it is held, in JSON, whatever lists may show of it. */
  public synchronized Optional<String> entry(String id) {
    return in.state().service(id).map(HeldService::text);
  }

  /** Returns the IDs of the services that the servers hold of its node, Consul's own left out. */
  public synchronized Set<String> catalog() {
    in.tick();
    Set<String> ids = new TreeSet<>(in.catalog().of(in.node()).keySet());
    ids.remove("consul");
    return ids;
  }

  /** Ends it: nobody listens until {@link #restart}. */
  public synchronized void stop() {
    in.up(false);
    changed();
  }

  /** Starts it again: without a data directory all is lost, also what the servers knew. */
  public synchronized void restart() {
    in.restart(in.options().persistent(), !in.options().persistent());
    changed();
  }

  /** Starts it again with an empty directory; the servers still know what was. */
  public synchronized void restartEmpty() {
    in.restart(false, false);
    changed();
  }

  /**
   * Reads its configuration again: for a moment its list is short, and without a data directory
   * what was registered over HTTP is gone for good.
   */
  public synchronized void reload() {
    in.reload();
    changed();
  }

  /** Gives the node another name. */
  public synchronized void rename(String node) {
    in.rename(node);
    changed();
  }

  /**
   * Lets the servers be without a leader, or ends that. Each write waits 7 s for one, one after
   * another, and what the agent itself is asked meanwhile waits with it.
   */
  public synchronized void leaderless(boolean on) {
    in.leaderless(on);
    changed();
  }

  /** Takes the servers from the agent, which is a client of theirs then, or ends that. */
  public synchronized void cutOff(boolean on) {
    in.cutOff(on);
    changed();
  }

  /** Has the servers take the node for failed for a moment: its sessions and locks are gone. */
  public synchronized void nodeFails() {
    in.locks().fail(in.node());
    changed();
  }

  /** Has every reader that waits for a change told that there is one, though there is none. */
  public synchronized void wakesReaders() {
    in.wake();
    changed();
  }

  /** Lets the number of the last change go back, as servers do that were restored; to 0, too. */
  public synchronized void indexGoesBackTo(long index) {
    in.catalog().index(index);
    changed();
  }
}
