package dev.connectbridge.writer;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.CatalogApi.Held;
import dev.connectbridge.consul.CatalogApi.Lock;
import dev.connectbridge.writer.Mandate.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a bridge work while it is its turn: first come the locks of files on this machine, then the
 * lock in Consul, where there is one to be had. Its thread waits, and tells the bridge to begin or
 * to step down; others may only ask how it stands, or end it.
 */
public final class Writership implements Runnable, FencedAgent.Lease {
  private static final Logger log = LoggerFactory.getLogger(Writership.class);

  /** How often is looked for what nobody tells of: files, and processes of this machine. */
  private static final Duration OFTEN = Duration.ofMillis(250);

  /** How soon Consul is asked again that did not answer. */
  private static final Duration AGAIN = Duration.ofMillis(500);

  /** How soon it is asked again that has said no. */
  private static final Duration LATER = Duration.ofSeconds(15);

  /** How soon it is asked again that tells by itself. */
  private static final Duration TOLD = Duration.ofMinutes(10);

  /** So long nothing is written for want of an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final BooleanSupplier files;
  private final Optional<Candidate> candidate;
  private final Turn turn;
  private final Ticker ticker;
  private final Semaphore signal = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch decided = new CountDownLatch(1);
  private final Thread thread = new Thread(this, "connect-bridge-writer");
  private volatile Mandate mandate = Mandate.undecided("nothing was asked yet");
  private volatile boolean closed;
  private boolean works;
  private boolean hasFiles;
  private Optional<Held> before = Optional.empty();
  private Optional<Duration> undecidedSince = Optional.empty();

  /** What a bridge does when its turn begins or ends; in the thread that waits for it. */
  public interface Turn {
    /** It may write from now on. */
    void begin();

    /** It may write nothing more, and leaves all as it is. */
    void stepDown();
  }

  /** Tells the name of the agent's node; empty when nobody says it. */
  @FunctionalInterface
  public interface NodeName {
    /**
     * Asks for it.
     *
     * @throws AgentException when it cannot be learnt now
     */
    String ask() throws AgentException;
  }

  /**
   * What it takes to have the lock in Consul.
   *
   * @param lock the lock
   * @param node tells whose key it is
   * @param owner whose writers they are
   * @param data where the session is kept; without it a restarted bridge finds its process dead
   */
  public record Seat(Lock lock, NodeName node, String owner, Optional<Path> data) {
    Candidate candidate(Ticker ticker) {
      return new Candidate(lock, node::ask, owner, new Tenure(data), ticker);
    }

    /** Returns who has the lock, in words; empty when nobody has, or that cannot be learnt. */
    public Optional<String> holder() {
      try {
        String name = node.ask();
        return name.isEmpty() ? Optional.empty() : Candidate.holder(lock, owner, name);
      } catch (AgentException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * Creates one that has not begun to wait.
   *
   * @param files takes the locks of files, or keeps them; false while another has one
   * @param seat the lock in Consul, where there is one
   */
  public Writership(BooleanSupplier files, Optional<Seat> seat, Turn turn) {
    this(files, seat.map(one -> one.candidate(Ticker.SYSTEM)), turn, Ticker.SYSTEM);
  }

  Writership(BooleanSupplier files, Optional<Candidate> candidate, Turn turn, Ticker ticker) {
    this.files = files;
    this.candidate = candidate;
    this.turn = turn;
    this.ticker = ticker;
    thread.setDaemon(true);
  }

  /** Begins, and waits a moment for what comes of it, which is a short time where all is well. */
  public void start(Duration moment) throws InterruptedException {
    thread.start();
    if (!decided.await(moment.toMillis(), TimeUnit.MILLISECONDS)) {
      log.debug("whose turn it is takes longer");
    }
  }

  /** Returns how it stands. */
  public Mandate mandate() {
    return mandate;
  }

  /** An entry of ours was written by a newer writer: the lock is looked at again. */
  @Override
  public void met(long epoch) {
    candidate.ifPresent(one -> one.met(epoch));
    look();
  }

  /** Something has changed that nobody else tells of. */
  public void look() {
    signal.release();
  }

  @Override
  public boolean isLost() {
    return candidate.filter(Candidate::isLost).isPresent();
  }

  @Override
  public void run() {
    try {
      while (!closed) {
        await(attempt());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration attempt() {
    try {
      return step();
    } catch (RuntimeException e) {
      log.error("an attempt to have the lock failed in a way that it should not have", e);
      decided.countDown();
      return LATER;
    }
  }

  /** Does one attempt, and returns how long nothing else is to be done. */
  Duration step() {
    boolean had = hasFiles;
    hasFiles = files.getAsBoolean();
    Mandate now =
        !hasFiles
            ? Mandate.standby("another bridge of this owner runs on this machine")
            : candidate
                .map(Candidate::seek)
                .orElse(Mandate.alone("no lock in Consul is asked for"));
    apply(patient(now));
    if (had && !hasFiles) {
      candidate.ifPresent(Candidate::letGo);
    }
    candidate.filter(one -> hasFiles).ifPresent(one -> one.watch(signal::release));
    return pause();
  }

  /** Whoever works goes on, and whoever has waited long enough begins. */
  private Mandate patient(Mandate now) {
    if (now.state() != State.UNDECIDED) {
      undecidedSince = Optional.empty();
      return now;
    }
    Duration since = undecidedSince.orElse(ticker.now());
    undecidedSince = Optional.of(since);
    boolean enough = ticker.now().minus(since).compareTo(PATIENCE) >= 0;
    return works || enough ? Mandate.blind(now.heeds(), "Consul does not say: " + now.why()) : now;
  }

  private void apply(Mandate now) {
    if (!now.why().equals(mandate.why()) || now.epoch() != mandate.epoch()) {
      tell(now);
    }
    mandate = now;
    if (closed) {
      return;
    }
    if (now.isToWrite() && !works) {
      works = true;
      turn.begin();
    } else if (!now.isToWrite() && works) {
      works = false;
      turn.stepDown();
    }
    decided.countDown();
  }

  private void tell(Mandate now) {
    switch (now.state()) {
      case WRITER -> log.info("this bridge writes, epoch {}: {}", now.epoch(), now.why());
      case ALONE ->
          log.info(
              "this bridge writes, by the locks of files alone{}: {}",
              now.isHeeding() ? ", but what another writer has written" : "",
              now.why());
      case STANDBY -> {
        if (works) {
          log.error("ALARM: another writer has taken over; this bridge steps down: {}", now.why());
        } else if (isInTheDark()) {
          log.warn("in standby, without seeing the lock: {}", now.why());
        } else {
          log.info("in standby: {}", now.why());
        }
      }
      case UNDECIDED -> log.info("whether this bridge may write is not known yet: {}", now.why());
    }
  }

  private Duration pause() {
    if (!hasFiles) {
      return OFTEN;
    }
    if (isInTheDark()) {
      return LATER;
    }
    if (mandate.state() == State.ALONE) {
      return undecidedSince.isEmpty() ? LATER : AGAIN;
    }
    boolean told = mandate.state() != State.UNDECIDED;
    return told && candidate.flatMap(Candidate::seen).isPresent() ? TOLD : AGAIN;
  }

  /** In standby nothing is asked while nothing has changed. */
  private void await(Duration pause) throws InterruptedException {
    Duration until = ticker.now().plus(pause);
    boolean news = false;
    while (!news && !closed && ticker.now().compareTo(until) < 0) {
      Duration left = until.minus(ticker.now());
      Duration slice = left.compareTo(OFTEN) < 0 || !isPeeking() ? left : OFTEN;
      news = signal.tryAcquire(slice.toMillis(), TimeUnit.MILLISECONDS);
      if (isNews()) {
        return;
      }
    }
    if (news) {
      signal.drainPermits();
      Optional<Held> now = candidate.flatMap(Candidate::seen);
      if (now.equals(before)) {
        // a watch that ends at once, again and again, is not followed as fast
        closing.await(OFTEN.toMillis(), TimeUnit.MILLISECONDS);
      }
      before = now;
    }
  }

  /** Returns whether what this machine shows is reason to ask Consul, or to do without. */
  boolean isNews() {
    return isPeeking() && candidate.orElseThrow().isToLookAgain();
  }

  private boolean isPeeking() {
    return hasFiles
        && mandate.state() == State.STANDBY
        && (candidate.flatMap(Candidate::seen).isPresent() || isInTheDark());
  }

  private boolean isInTheDark() {
    return hasFiles && candidate.filter(Candidate::isInTheDark).isPresent();
  }

  /** Ends the waiting; the turn is the bridge's to end. */
  public void stop() throws InterruptedException {
    closed = true;
    closing.countDown();
    signal.release();
    thread.join(TimeUnit.SECONDS.toMillis(1));
  }

  /** Lets go of the lock in Consul, for as long as that may take. */
  public void release(Duration most) throws InterruptedException {
    if (thread.isAlive()) {
      return; // Consul does not answer
    }
    Thread last =
        new Thread(() -> candidate.ifPresent(Candidate::release), "connect-bridge-release");
    last.setDaemon(true);
    last.start();
    last.join(most.toMillis());
  }
}
