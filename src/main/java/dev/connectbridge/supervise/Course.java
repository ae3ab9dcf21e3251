package dev.connectbridge.supervise;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.drain.Drain;
import dev.connectbridge.drain.Due;
import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.supervise.Lanes.Lane;
import dev.connectbridge.supervise.Proof.Seeking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private final Retries retries;
  private final List<CompletableFuture<DrainReceipt>> waiting = new ArrayList<>();
  private final Set<String> sending = new HashSet<>();
  private final Set<String> again = new HashSet<>();
  private Drain drain;
  private boolean journalled = true;
  private boolean busy;
  private Optional<Seeking> seeking = Optional.empty();
  private boolean prepared;
  private boolean receipted;
  private boolean ending;
  private boolean healed;

  Course(Means means, Drain drain, Moment requested) {
    this.means = means;
    this.drain = drain;
    this.requested = requested;
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

  /** Its intent stands in the journal, or does not. */
  void journalled(boolean done) {
    journalled = done;
  }

  /** The journal tells of these signals; whether they were out, nobody knows. */
  void sendAgain(Collection<String> tasks) {
    again.addAll(tasks);
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
      Due due = drain.due(now);
      due.signals().stream()
          .filter(task -> !means.proxies().isStarting(task.id()))
          .forEach(task -> signal(task, now));
      signalAgain();
      due.kills().stream()
          .filter(task -> !sending.contains(task.id()))
          .forEach(task -> kill(task, now));
      drain.due(now).next().ifPresent(later::add);
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
    boolean ready = prepared;
    boolean look = retries.isUnsure();
    work(seeks ? this::seek : leaving -> deregister(leaving, ready, look));
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

  private Runnable deregister(Leaving leaving, boolean ready, boolean look)
      throws AgentException, InterruptedException {
    if (!ready) {
      means.consul().prepare(leaving);
      tell(() -> prepared = true);
    }
    means.consul().deregister(leaving, look);
    return this::deregistered;
  }

  private Runnable seek(Leaving leaving) throws AgentException {
    if (leaving.services().isEmpty()) {
      return this::proven;
    }
    Seeking found = means.consul().seek(leaving, () -> tell(this::proven));
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

  private void signal(Task task, Duration now) {
    journalled &= means.edges().journal().signalled(drain.leaving().key(), task.id());
    drain = drain.signalled(task.id(), now);
    send(task);
  }

  private void signalAgain() {
    drain.leaving().tasks().stream()
        .filter(task -> again.contains(task.id()) && !means.proxies().isStarting(task.id()))
        .forEach(this::send);
    again.clear();
  }

  private void send(Task task) {
    sending.add(task.id());
    means
        .proxies()
        .signal(
            task,
            () -> {
              sending.remove(task.id());
              drain = drain.delivered(task.id(), now());
            });
  }

  private void kill(Task task, Duration now) {
    drain = drain.killed(task.id(), now);
    means.proxies().kill(task);
  }

  private void settle(Duration now) {
    if (!drain.isSettled(now) || ending) {
      return;
    }
    issue();
    if (drain.isCancelled()) {
      callOff(now);
    } else if (drain.isDeregistered() && !isActedOn()) {
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
