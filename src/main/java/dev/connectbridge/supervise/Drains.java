package dev.connectbridge.supervise;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.drain.Drain;
import dev.connectbridge.drain.Drain.Request;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.drain.Due;
import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.drain.Receipt.Verdict;
import dev.connectbridge.supervise.Lanes.Lane;
import dev.connectbridge.supervise.Proof.Seeking;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drains that are under way. For the supervisor's thread alone: it decides, the lanes do, and
 * what came of it is told to that thread.
 */
final class Drains {
  private static final Logger log = LoggerFactory.getLogger(Drains.class);
  private static final IntervalFunction PAUSES =
      IntervalFunction.ofExponentialBackoff(Duration.ofMillis(50), 1.6, Duration.ofSeconds(1));

  private final Edges edges;
  private final Proxies proxies;
  private final DrainPolicy policy;
  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private int notProven;

  Drains(Edges edges, Proxies proxies, DrainPolicy policy) {
    this.edges = edges;
    this.proxies = proxies;
    this.policy = policy;
  }

  /**
   * What a drain works with.
   *
   * @param tell has something done by the supervisor's thread
   */
  record Edges(
      AgentApi agent,
      Proof proof,
      Lanes lanes,
      Fence fence,
      DrainJournal journal,
      ReceiptBook book,
      Ticker ticker,
      Consumer<Runnable> tell) {}

  /** The tasks, as far as drains have to do with them. */
  interface Proxies {
    /** Signals a task, and then says that the signal is out; its end is told later. */
    void signal(Task task, Runnable sent);

    /** Returns whether a task is being started, so that no signal would reach it. */
    boolean isStarting(String task);

    /** Ends a task at once; its end is told later. */
    void kill(Task task);

    /** Returns whether a signal is still on its way to a task, which its successor must not get. */
    boolean isActedOn(String task);

    /** Forgets tasks whose drain is over, and then says so. */
    void forget(Collection<Task> tasks, Runnable done);
  }

  private static final class Entry {
    private final Moment requested;
    private final List<CompletableFuture<DrainReceipt>> waiting = new ArrayList<>();
    private Drain drain;
    private boolean journalled = true;
    private boolean busy;
    private Optional<Seeking> seeking = Optional.empty();
    private boolean saved;
    private int tries;
    private Duration retryAt;
    private boolean receipted;
    private boolean ending;
    private boolean healed;
    private final Set<String> sending = new HashSet<>();
    private final Set<String> again = new HashSet<>();

    private Entry(Drain drain, Moment requested) {
      this.drain = drain;
      this.requested = requested;
      this.retryAt = drain.requested();
    }
  }

  /**
   * Begins a drain of what is not leaving already.
   *
   * @return the receipt of it, or of the drain that has all of it already; empty when there is
   *     nothing to drain
   */
  Optional<CompletableFuture<DrainReceipt>> begin(Leaving asked, Request request) {
    Leaving leaving = withoutLeaving(asked);
    if (leaving.services().isEmpty() && leaving.tasks().isEmpty()) {
      return entries.values().stream()
          .filter(entry -> shares(entry, asked))
          .findFirst()
          .map(Drains::receiptOf);
    }
    Drain drain = Drain.begin(leaving, request, policy);
    Entry entry = new Entry(drain, Moment.of(edges.ticker(), request.at()));
    entries.put(leaving.key(), entry);
    edges.fence().close(ids(leaving));
    entry.journalled = edges.journal().begin(leaving, request, entry.requested);
    return Optional.of(receiptOf(entry));
  }

  /** Takes up a drain that an earlier process has begun. */
  void takeUp(DrainJournal.Begun begun) {
    Duration longest = begun.leaving().longest().plus(policy.floor());
    Duration whole =
        Stream.of(longest, begun.deadline().orElse(longest), policy.hold().orElse(longest))
            .max(Duration::compareTo)
            .orElseThrow();
    Drain drain = Drain.begin(begun.leaving(), begun.on(edges.ticker(), whole), policy);
    for (String task : begun.signalled()) {
      drain = drain.signalled(task, edges.ticker().now());
    }
    Entry entry = new Entry(drain, begun.requested());
    entry.again.addAll(begun.signalled());
    entries.put(begun.leaving().key(), entry);
    edges.fence().close(ids(begun.leaving()));
  }

  private static CompletableFuture<DrainReceipt> receiptOf(Entry entry) {
    CompletableFuture<DrainReceipt> receipt = new CompletableFuture<>();
    entry.waiting.add(receipt);
    return receipt;
  }

  private static List<String> ids(Leaving leaving) {
    return leaving.services().stream().map(Service::id).toList();
  }

  private Leaving withoutLeaving(Leaving asked) {
    Set<String> services = new HashSet<>();
    Set<String> tasks = new HashSet<>();
    for (Entry entry : entries.values()) {
      entry.drain.leaving().services().forEach(service -> services.add(service.id()));
      entry.drain.leaving().tasks().forEach(task -> tasks.add(task.id()));
    }
    return new Leaving(
        asked.allocation(),
        asked.group(),
        asked.source(),
        asked.services().stream().filter(service -> !services.contains(service.id())).toList(),
        asked.tasks().stream().filter(task -> !tasks.contains(task.id())).toList(),
        asked.delay());
  }

  private static boolean shares(Entry entry, Leaving asked) {
    List<String> ids = ids(entry.drain.leaving());
    return asked.services().stream().anyMatch(service -> ids.contains(service.id()))
        || asked.tasks().stream().anyMatch(entry.drain.leaving().tasks()::contains);
  }

  /** Returns the names of the tasks that drains end. */
  Set<String> tasks() {
    Set<String> ids = new TreeSet<>();
    for (Entry entry : entries.values()) {
      entry.drain.leaving().tasks().forEach(task -> ids.add(task.id()));
    }
    return ids;
  }

  /** Returns whether a drain ends this task. */
  boolean hasTask(String task) {
    return entries.values().stream()
        .flatMap(entry -> entry.drain.leaving().tasks().stream())
        .anyMatch(one -> one.id().equals(task));
  }

  /** Returns whether a drain has any of these services. */
  boolean hasAnyOf(Leaving leaving) {
    Set<String> ids = new HashSet<>(ids(leaving));
    return entries.values().stream()
        .flatMap(entry -> entry.drain.leaving().services().stream())
        .anyMatch(service -> ids.contains(service.id()));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Returns how many were not proven since the start. */
  int notProven() {
    return notProven;
  }

  /** Returns them as they stand. */
  List<Drain> underWay() {
    return entries.values().stream().map(entry -> entry.drain).toList();
  }

  /** A task has ended. */
  void ended(String task, String exit) {
    Duration now = edges.ticker().now();
    entries.values().forEach(entry -> entry.drain = entry.drain.ended(task, now, exit));
  }

  /**
   * What is wanted again keeps its tasks, unless one was signalled already.
   *
   * @param ids the services that are wanted, and held back by nobody
   * @param right the tasks that run and are those that are wanted
   */
  void wantedAgain(Set<String> ids, Set<String> right) {
    Duration now = edges.ticker().now();
    for (Entry entry : entries.values()) {
      Drain drain = entry.drain;
      boolean again =
          switch (drain.cause()) {
            case UNWANTED, COMMAND, SHUTDOWN -> ids.containsAll(ids(drain.leaving()));
            case REPLACED ->
                ids.containsAll(ids(drain.leaving()))
                    && drain.leaving().tasks().stream().allMatch(task -> right.contains(task.id()));
          };
      if (again && !drain.leaving().services().isEmpty()) {
        entry.drain = drain.wantedAgain(now);
      }
    }
  }

  /** Does what is due; returns when to look again though nothing happens. */
  Optional<Duration> step() {
    Duration now = edges.ticker().now();
    List<Duration> later = new ArrayList<>();
    for (Entry entry : List.copyOf(entries.values())) {
      if (!entry.drain.isCancelled()) {
        push(entry, now).ifPresent(later::add);
        Due due = entry.drain.due(now);
        due.signals().stream()
            .filter(task -> !proxies.isStarting(task.id()))
            .forEach(task -> signal(entry, task, now));
        signalAgain(entry);
        due.kills().stream()
            .filter(task -> !entry.sending.contains(task.id()))
            .forEach(task -> kill(entry, task, now));
        entry.drain.due(now).next().ifPresent(later::add);
      }
      settle(entry, now);
      if (entry.drain.isCancelled() && now.compareTo(entry.retryAt) < 0) {
        later.add(entry.retryAt);
      }
    }
    return later.stream().min(Duration::compareTo);
  }

  /** Gets on with deregistering and proving. */
  private Optional<Duration> push(Entry entry, Duration now) {
    if (!entry.drain.isDeregistered()) {
      if (entry.busy) {
        return Optional.empty();
      }
      if (now.compareTo(entry.retryAt) < 0) {
        return Optional.of(entry.retryAt);
      }
      entry.busy = true;
      edges.lanes().run(Lane.DRAIN, () -> work(entry, this::deregister));
    } else if (!entry.drain.isAbsent() && entry.seeking.isEmpty() && !entry.receipted) {
      if (entry.busy) {
        return Optional.empty();
      }
      if (now.compareTo(entry.retryAt) < 0) {
        return Optional.of(entry.retryAt);
      }
      entry.busy = true;
      edges.lanes().run(Lane.DRAIN, () -> work(entry, this::seek));
    }
    return Optional.empty();
  }

  private static SortedMap<String, String> names(Leaving leaving) {
    SortedMap<String, String> names = new TreeMap<>();
    for (Service service : leaving.services()) {
      if (service.hasSidecar()) {
        names.put(service.sidecar(), service.name() + "-sidecar-proxy");
      }
      if (!service.orphan()) {
        names.put(service.id(), service.name());
      }
    }
    return names;
  }

  /** In the drains' lane; what it throws is tried again. */
  private void work(Entry entry, Work work) {
    try {
      work.on(entry);
    } catch (AgentException e) {
      edges.tell().accept(() -> retry(entry, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("a drain failed in a way that it should not have", e);
      AgentException broken = new AgentException(Kind.BROKEN, String.valueOf(e.getMessage()), e);
      edges.tell().accept(() -> retry(entry, broken));
    }
  }

  /** Sidecars first; what the agent does not know is gone. */
  private void deregister(Entry entry) throws AgentException, InterruptedException {
    Leaving leaving = entry.drain.leaving();
    edges.fence().awaitQuiet(ids(leaving));
    if (!entry.saved) {
      asFarAsAllowed(leaving, this::save);
      if (policy.criticalFirst()) {
        asFarAsAllowed(leaving, this::turnCritical);
      }
      entry.saved = true;
    }
    for (String id : leaving.ids()) {
      edges.agent().deregister(id);
    }
    for (String id : leaving.ids()) {
      if (edges.agent().holds(id)) {
        throw new AgentException(Kind.BROKEN, "the agent still holds " + id, null);
      }
    }
    edges.tell().accept(() -> deregistered(entry));
  }

  /**
   * What goes before must not keep a drain from deregistering; what may work soon is waited for.
   */
  private static void asFarAsAllowed(Leaving leaving, Step step) throws AgentException {
    try {
      step.on(leaving);
    } catch (AgentException e) {
      if (e.kind().retryable()) {
        throw e;
      }
      log.warn("{} is deregistered all the same: {}", leaving.group(), e.getMessage());
    }
  }

  /**
   * An entry that was written with another token than ours, which may be dead by now, would leave a
   * row in the catalog for good (Consul 1.8.7): one identical write of ours keeps it from that.
   */
  private void save(Leaving leaving) throws AgentException {
    String mark = edges.agent().tokenMark();
    for (Service service : leaving.services()) {
      if (!mark.isEmpty() && !edges.fence().wasWrittenWith(service.id(), mark)) {
        for (String id : entriesOf(service)) {
          edges.agent().rewrite(id);
        }
      }
    }
  }

  private static List<String> entriesOf(Service service) {
    List<String> ids = new ArrayList<>();
    if (!service.orphan()) {
      ids.add(service.id());
    }
    if (service.hasSidecar()) {
      ids.add(service.sidecar());
    }
    return ids;
  }

  private void turnCritical(Leaving leaving) throws AgentException {
    for (Service service : leaving.services()) {
      if (service.hasSidecar()) {
        edges.agent().maintain(service.sidecar(), true, "connect-bridge drains it");
      }
    }
  }

  private void seek(Entry entry) throws AgentException {
    if (entry.drain.leaving().services().isEmpty()) {
      edges.tell().accept(() -> proven(entry));
      return;
    }
    Seeking seeking =
        edges
            .proof()
            .seek(names(entry.drain.leaving()), () -> edges.tell().accept(() -> proven(entry)));
    edges.tell().accept(() -> sought(entry, seeking));
  }

  /** Nobody would end it who asks after the receipt is written. */
  private void sought(Entry entry, Seeking seeking) {
    entry.busy = false;
    entry.seeking = Optional.of(seeking);
    if (entry.receipted) {
      seeking.cancel();
    }
  }

  private void deregistered(Entry entry) {
    entry.busy = false;
    entry.tries = 0;
    entry.drain = entry.drain.deregistered(edges.ticker().now());
  }

  private void proven(Entry entry) {
    entry.busy &= entry.drain.leaving().services().size() > 0;
    entry.drain = entry.drain.absent(edges.ticker().now());
  }

  private void retry(Entry entry, AgentException e) {
    entry.busy = false;
    entry.tries = Math.min(entry.tries + 1, 30);
    entry.retryAt = edges.ticker().now().plusMillis(PAUSES.apply(entry.tries));
    entry.drain = entry.drain.doubted(e.getMessage());
  }

  /** Something that the agent may refuse. */
  @FunctionalInterface
  private interface Step {
    void on(Leaving leaving) throws AgentException;
  }

  /** Something that takes its time. */
  @FunctionalInterface
  private interface Work {
    void on(Entry entry) throws AgentException, InterruptedException;
  }

  private void signal(Entry entry, Task task, Duration now) {
    entry.journalled &= edges.journal().signalled(entry.drain.leaving().key(), task.id());
    entry.drain = entry.drain.signalled(task.id(), now);
    send(entry, task);
  }

  /** It may have ended before the signal that the journal tells of was out. */
  private void signalAgain(Entry entry) {
    entry.drain.leaving().tasks().stream()
        .filter(task -> entry.again.contains(task.id()) && !proxies.isStarting(task.id()))
        .forEach(task -> send(entry, task));
    entry.again.clear();
  }

  private void send(Entry entry, Task task) {
    entry.sending.add(task.id());
    proxies.signal(
        task,
        () -> {
          entry.sending.remove(task.id());
          entry.drain = entry.drain.delivered(task.id(), edges.ticker().now());
        });
  }

  private void kill(Entry entry, Task task, Duration now) {
    entry.drain = entry.drain.killed(task.id(), now);
    proxies.kill(task);
  }

  private void settle(Entry entry, Duration now) {
    if (!entry.drain.isSettled(now) || entry.ending) {
      return;
    }
    issue(entry);
    if (entry.drain.isCancelled()) {
      callOff(entry, now);
    } else if (entry.drain.isDeregistered() && !isActedOn(entry)) {
      entry.ending = true;
      proxies.forget(entry.drain.leaving().tasks(), () -> finish(entry));
    }
  }

  private boolean isActedOn(Entry entry) {
    return entry.drain.leaving().tasks().stream().anyMatch(task -> proxies.isActedOn(task.id()));
  }

  /** What was under way when it was called off must not meet what is written next. */
  private void callOff(Entry entry, Duration now) {
    if (entry.busy || now.compareTo(entry.retryAt) < 0) {
      return;
    }
    if (policy.criticalFirst() && !entry.healed) {
      entry.busy = true;
      edges.lanes().run(Lane.DRAIN, () -> work(entry, this::heal));
    } else {
      finish(entry);
    }
  }

  private void issue(Entry entry) {
    if (entry.receipted) {
      return;
    }
    entry.receipted = true;
    entry.seeking.ifPresent(
        seeking -> {
          entry.drain = entry.drain.isAbsent() ? entry.drain : entry.drain.doubted(seeking.doubt());
          seeking.cancel();
        });
    DrainReceipt receipt =
        new DrainReceipt(entry.drain.receipt(), entry.requested.wall(), entry.journalled);
    if (receipt.receipt().verdict() == Verdict.NOT_PROVEN) {
      notProven++;
    }
    edges.book().enter(receipt);
    entry.waiting.forEach(waiting -> waiting.complete(receipt));
  }

  private void finish(Entry entry) {
    Leaving leaving = entry.drain.leaving();
    entries.remove(leaving.key());
    edges.journal().end(leaving.key());
    edges.fence().open(ids(leaving));
    onFinish.accept(entry.drain);
  }

  /** One that is wanted again must not stay critical by our own word. */
  private void heal(Entry entry) throws AgentException {
    for (Service service : entry.drain.leaving().services()) {
      if (service.hasSidecar()) {
        edges.agent().maintain(service.sidecar(), false, "");
      }
    }
    edges
        .tell()
        .accept(
            () -> {
              entry.busy = false;
              entry.healed = true;
            });
  }

  private Consumer<Drain> onFinish = drain -> {};

  /** Says who is told of each drain that is over. */
  void onFinish(Consumer<Drain> finished) {
    onFinish = finished;
  }

  /** Writes the receipts of what cannot be waited for any longer; the journal still has it. */
  void abandon() {
    entries.values().forEach(this::issue);
  }
}
