package dev.connectbridge;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.writer.FencedAgent;
import dev.connectbridge.writer.Mandate;
import dev.connectbridge.writer.Writership;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A started bridge: it waits for its turn, works while it has it, and waits again. */
final class Shift implements Writership.Turn {
  private static final Logger log = LoggerFactory.getLogger(Shift.class);

  /** Whose turn it is, is known sooner where all is well. */
  private static final Duration MOMENT = Duration.ofMillis(500);

  private static final Duration LOOK = Duration.ofMillis(250);

  private static final Duration GLANCE = Duration.ofSeconds(1);

  private final Parts parts;
  private final Runnable wake;
  private final Writership writership;
  private final AgentApi agent;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile Optional<Locks> locks = Optional.empty();
  private boolean ending;
  private volatile Optional<Daemon> working = Optional.empty();
  private volatile Optional<Daemon> last = Optional.empty();
  private volatile Optional<RuntimeException> death = Optional.empty();

  Shift(Parts parts, Runnable wake) {
    this.parts = parts;
    this.wake = wake;
    this.writership = new Writership(this::haveLocks, parts.seat(), this);
    this.agent = new FencedAgent(parts.agent(), parts.owner(), this::mandate, writership);
  }

  /**
   * Begins to wait, and to work as soon as it may.
   *
   * @throws IllegalStateException when another bridge has the data directory
   */
  void start() {
    locks = Locks.take(parts);
    try {
      writership.start(MOMENT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    death.ifPresent(
        why -> {
          closeLocks();
          throw why;
        });
    Thread keeper = new Thread(this::keepLocks, "connect-bridge-locks");
    keeper.setDaemon(true);
    keeper.start();
  }

  /** Nobody tells when a directory is removed, and with it what keeps others away. */
  private void keepLocks() {
    try {
      while (!over.await(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
        if (locks.filter(held -> !held.keep()).isPresent() && isAtWork()) {
          log.error(
              "ALARM: the files of our locks were removed, and another bridge has made them anew");
          writership.look();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isAtWork() {
    return over.getCount() > 0 && working.isPresent();
  }

  /** Whoever works has left everything before another one can have what it had. */
  private boolean haveLocks() {
    if (locks.filter(Locks::keep).isPresent()) {
      return true;
    }
    if (working.isPresent()) {
      return false;
    }
    closeLocks();
    try {
      locks = Locks.take(parts);
    } catch (RuntimeException e) {
      log.debug("not yet", e);
    }
    return locks.isPresent();
  }

  /** Whoever ends it meanwhile waits for what has begun, or nothing begins any more. */
  @Override
  public synchronized void begin() {
    if (ending) {
      return;
    }
    try {
      Daemon daemon = parts.daemon(agent, wake);
      daemon.start();
      last = Optional.of(daemon);
      working = last;
    } catch (RuntimeException e) {
      death = Optional.of(e);
      over.countDown();
      throw e;
    }
  }

  @Override
  public void stepDown() {
    Optional<Daemon> daemon = working;
    working = Optional.empty();
    try {
      if (daemon.isPresent()) {
        daemon.get().leave();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns what works; empty while it is not our turn. */
  Optional<Daemon> working() {
    return working;
  }

  Mandate mandate() {
    return writership.mandate();
  }

  /** Waits until it has ended, which is its death where nobody asked it to. */
  void await() throws InterruptedException {
    while (over.getCount() > 0) {
      Optional<Daemon> daemon = working;
      if (daemon.isEmpty()) {
        over.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      } else {
        daemon.get().await();
        if (working.equals(daemon)) {
          return;
        }
      }
    }
  }

  /** Returns whether everything that was to be deregistered is gone at the agent. */
  boolean drained() {
    return death.isEmpty() && (working.isEmpty() || working.get().loop().drained());
  }

  /** Ends it: what works drains, and lets go of the lock when it is done. */
  void end() throws InterruptedException {
    writership.stop();
    synchronized (this) {
      ending = true;
    }
    if (working.isPresent()) {
      working.get().end();
    }
    writership.release(MOMENT);
    over.countDown();
    closeLocks();
  }

  private void closeLocks() {
    locks.ifPresent(Locks::close);
    locks = Optional.empty();
  }
}
