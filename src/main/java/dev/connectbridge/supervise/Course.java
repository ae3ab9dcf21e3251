package dev.connectbridge.supervise;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.OurAgent.Identity;
import dev.connectbridge.drain.Drain;
import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Receipt.Cause;
import dev.connectbridge.supervise.Lanes.Lane;
import dev.connectbridge.supervise.Proof.Seeking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One drain that is under way: does what is due of it, and is done with when it is over. For the
 * supervisor's thread alone; what takes its time is done in the drains' lane, and told back.
 */
final class Course {
  private static final Logger log = LoggerFactory.getLogger(Course.class);

  private final Means means;
  private final Moment requested;
  private final Optional<Identity> whose;
  private final Retries retries;
  private final List<CompletableFuture<DrainReceipt>> waiting = new ArrayList<>();
  private final Farewells farewells;
  private Drain drain;
  private boolean journalled = true;
  private boolean busy;
  private Optional<Seeking> seeking = Optional.empty();
  private Optional<String> preparedWith = Optional.empty();
  private boolean receipted;
  private boolean ending;
  private boolean healed;

  /**
   * Creates one.
   *
   * @param known the agent that held what leaves when it was to leave, where that is known; what
   *     somebody asked for is done to whichever there is
   */
  Course(Means means, Drain drain, Moment requested, Optional<Identity> known) {
    this.means = means;
    this.drain = drain;
    this.requested = requested;
    this.whose = drain.cause() == Cause.UNWANTED ? known : Optional.empty();
    this.farewells = new Farewells(this, means);
    this.retries = new Retries(drain.requested());
  }

  /** What a drain works with, and who is told of it. */
  record Means(Edges edges, Proxies proxies, AgentSide consul, boolean criticalFirst, Ends ends) {}

  /** Who hears of the ends of drains. */
  interface Ends {
    /** Its receipt is written. */
    void receipted(DrainReceipt receipt);

    /** It is over. */
    void over(Course course);
  }

  Drain drain() {
    return drain;
  }

  /** Returns what will be its receipt. */
  CompletableFuture<DrainReceipt> receipt() {
    CompletableFuture<DrainReceipt> receipt = new CompletableFuture<>();
    waiting.add(receipt);
    return receipt;
  }

  /** What is to be known of it after a crash stands in the journal, or does not. */
  void journalled(boolean done) {
    journalled &= done;
  }

  /** The journal tells of these signals; whether they were out, nobody knows. */
  void sendAgain(Collection<String> tasks) {
    farewells.sendAgain(tasks);
  }

  /** Something has happened to it; what is called off waits for no more tries. */
  void hear(UnaryOperator<Drain> event) {
    boolean before = drain.isCancelled();
    drain = event.apply(drain);
    if (drain.isCancelled() && !before) {
      retries.begin(now());
    }
  }

  /** Does what is due; returns when to look again though nothing happens. */
  List<Duration> step(Duration now) {
    List<Duration> later = new ArrayList<>();
    if (!drain.isCancelled()) {
      push(now).ifPresent(later::add);
      later.addAll(farewells.step(now));
    }
    settle(now);
    if (drain.isCancelled() && now.compareTo(retries.next()) < 0) {
      later.add(retries.next());
    }
    return later;
  }

  /** Gets on with deregistering and proving. */
  private Optional<Duration> push(Duration now) {
    boolean seeks = drain.isDeregistered();
    if (busy || (seeks && (drain.isAbsent() || seeking.isPresent() || receipted))) {
      return Optional.empty();
    }
    if (now.compareTo(retries.next()) < 0) {
      return Optional.of(retries.next());
    }
    Optional<String> before = preparedWith;
    boolean look = retries.isUnsure();
    work(seeks ? this::seek : leaving -> deregister(leaving, before, look));
    return Optional.empty();
  }

  /** Does something in the drains' lane; what it throws is tried again. */
  private void work(Work work) {
    busy = true;
    Leaving leaving = drain.leaving();
    means.edges().lanes().run(Lane.DRAIN, () -> work(work, leaving));
  }

  private void work(Work work, Leaving leaving) {
    try {
      tell(work.on(leaving));
    } catch (AgentException e) {
      tell(() -> retry(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("a drain failed in a way that it should not have", e);
      AgentException broken = new AgentException(Kind.BROKEN, String.valueOf(e.getMessage()), e);
      tell(() -> retry(broken));
    }
  }

  private void tell(Runnable news) {
    means.edges().tell().accept(news);
  }

  private Duration now() {
    return means.edges().ticker().now();
  }

  /** What was prepared for one token is not for the next: the first may have died meanwhile. */
  private Runnable deregister(Leaving leaving, Optional<String> before, boolean look)
      throws AgentException, InterruptedException {
    means.consul().refuseAnother(leaving, whose);
    Optional<String> now = Optional.of(means.consul().token());
    if (!before.equals(now)) {
      means.consul().prepare(leaving);
      tell(() -> preparedWith = now);
    }
    means.consul().deregister(leaving, look);
    return this::deregistered;
  }

  private Runnable seek(Leaving leaving) throws AgentException {
    if (leaving.services().isEmpty()) {
      return this::proven;
    }
    Seeking found = means.consul().seek(leaving, whose, () -> tell(this::proven));
    return () -> sought(found);
  }

  /** Nobody would end it who asks after the receipt is written. */
  private void sought(Seeking found) {
    busy = false;
    seeking = Optional.of(found);
    if (receipted) {
      found.cancel();
    }
  }

  private void deregistered() {
    busy = false;
    retries.begin(now());
    drain = drain.deregistered(now());
  }

  private void proven() {
    busy &= drain.leaving().services().size() > 0;
    drain = drain.absent(now());
  }

  private void retry(AgentException e) {
    busy = false;
    retries.failed(e.kind(), means.edges().ticker(), drain.deadline(now()));
    drain = drain.doubted(e.getMessage());
  }

  private void settle(Duration now) {
    if (!drain.isSettled(now) || ending) {
      return;
    }
    issue();
    if (drain.isCancelled()) {
      callOff(now);
    } else if (drain.isDeregistered() && drain.hasEnded() && !isActedOn()) {
      ending = true;
      means.proxies().forget(drain.leaving().tasks(), () -> means.ends().over(this));
    }
  }

  private boolean isActedOn() {
    return drain.leaving().tasks().stream().anyMatch(task -> means.proxies().isActedOn(task.id()));
  }

  /** What was under way when it was called off must not meet what is written next. */
  private void callOff(Duration now) {
    if (busy || now.compareTo(retries.next()) < 0) {
      return;
    }
    if (means.criticalFirst() && !healed) {
      work(this::heal);
    } else {
      means.ends().over(this);
    }
  }

  private Runnable heal(Leaving leaving) throws AgentException {
    means.consul().heal(leaving);
    return () -> {
      busy = false;
      healed = true;
    };
  }

  /** Writes its receipt, once. */
  void issue() {
    if (receipted) {
      return;
    }
    receipted = true;
    seeking.ifPresent(
        open -> {
          drain = drain.isAbsent() ? drain : drain.doubted(open.doubt());
          open.cancel();
        });
    DrainReceipt receipt = new DrainReceipt(drain.receipt(), requested.wall(), journalled);
    means.edges().book().enter(receipt);
    means.ends().receipted(receipt);
    waiting.forEach(one -> one.complete(receipt));
  }

  /** Something that takes its time. */
  @FunctionalInterface
  private interface Work {
    /** Returns what is to be done about it by the supervisor's thread. */
    Runnable on(Leaving leaving) throws AgentException, InterruptedException;
  }
}
