package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.converge.ConvergenceBook;
import dev.connectbridge.converge.Pass;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.source.Source;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.supervise.Departures;
import dev.connectbridge.supervise.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop. Its thread owns all state; others may only wake it or ask it to stop. It passes when it
 * is woken, when {@link Backoff} says so, when a token is another one, and at every resync; a burst
 * of wakes is one pass.
 */
public final class Loop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Loop.class);

  /** An editor writes a file in several steps; this long after the last of them it is read. */
  private static final Duration QUIET = Duration.ofMillis(8);

  /** A file that never comes to rest is read all the same. */
  private static final int MOST_STEPS = 25;

  /** How long a pass that is under way may go on once the loop is to stop. */
  private static final Duration FINISH = Duration.ofSeconds(2);

  private static final Duration LOOK_WHILE_LEAVING = Duration.ofMillis(250);

  /** How often is looked whether a token is another one: nobody tells when its file changes. */
  private static final Duration GLANCE = Duration.ofSeconds(1);

  /** Ten seconds, less what the process around the loop takes to end. */
  private static final Duration GRACE = Duration.ofMillis(9_500);

  private final AgentApi agent;
  private final Source source;
  private final Reconciler reconciler;
  private final Duration resync;
  private final boolean leave;
  private final Optional<Departures> departures;
  private final ConvergenceBook book;
  private final Ticker ticker;
  private final Backoff backoff;
  private final Semaphore signal = new Semaphore(0);
  private volatile boolean stopping;
  private volatile boolean left;
  private List<Problem> told = List.of();
  private List<Problem> warned = List.of();
  private String trouble = "";
  private volatile Duration longestStop = Duration.ZERO;
  private volatile Duration asked = Duration.ZERO;
  private volatile boolean drained = true;
  private boolean wasUp;
  private Optional<View> seen = Optional.empty();
  private boolean wasSeen;
  private String token = "";

  /**
   * Creates a loop; {@code leave} keeps the registrations when it stops.
   *
   * @param resync the longest time between two passes
   * @param departures who takes what leaves; the same as the reconciler's
   * @param book who is told what came of each pass
   */
  public Loop(
      AgentApi agent,
      Source source,
      Reconciler reconciler,
      Duration resync,
      boolean leave,
      Optional<Departures> departures,
      ConvergenceBook book) {
    this(agent, source, reconciler, resync, leave, departures, book, Ticker.SYSTEM);
  }

  Loop(
      AgentApi agent,
      Source source,
      Reconciler reconciler,
      Duration resync,
      boolean leave,
      Optional<Departures> departures,
      ConvergenceBook book,
      Ticker ticker) {
    this.book = book;
    this.departures = departures;
    this.agent = agent;
    this.source = source;
    this.reconciler = reconciler;
    this.resync = resync;
    this.leave = leave;
    this.ticker = ticker;
    this.backoff = new Backoff(ticker::chance);
  }

  /** Asks for a pass soon. */
  public void wake() {
    signal.release();
  }

  /** Asks the loop to stop: it removes what this owner registered, unless it is to leave it. */
  public void stop() {
    asked = ticker.now();
    stopping = true;
    signal.release();
  }

  /** Asks the loop to stop, and to leave everything as it is: it is another's. */
  public void leave() {
    left = true;
    stop();
  }

  /**
   * Returns how long stopping may take: the longest delays of the groups, and 10 seconds at most.
   */
  public Duration patience() {
    return longestStop.plus(GRACE);
  }

  /** Returns, once the loop has ended, whether everything that was to go is gone at the agent. */
  public boolean drained() {
    return drained;
  }

  @Override
  public void run() {
    drained = leave;
    try {
      listen();
      while (!stopping) {
        await(turn());
      }
      agent.unwatch();
      if (!leave && !left) {
        drain();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      agent.unwatch();
    }
  }

  /** A source that cannot tell of changes is still read at every resync. */
  private void listen() {
    try {
      source.onChange(this::wake);
    } catch (RuntimeException e) {
      log.warn("changes of the specs are noticed at the resync alone: {}", e.getMessage());
    }
  }

  /** Does one pass and returns how long to wait for the next. */
  Duration turn() {
    try {
      seen = Optional.empty();
      token = tokenMark();
      Outcome outcome =
          reconciler.pass(source.read(), view -> seen = Optional.of(view), this::mayFinish);
      outcome.desired().workloads().stream()
          .map(Workload::longestStop)
          .max(Duration::compareTo)
          .ifPresent(longest -> longestStop = longest);
      wasSeen |= outcome.isSeen();
      if (stopping) {
        return Duration.ZERO;
      }
      tell(outcome);
      tellOnceUp(outcome);
      Optional<Duration> retry = backoff.after(outcome, reconciler.due());
      account(outcome, retry);
      watch(outcome);
      return retry.filter(soon -> soon.compareTo(resync) < 0).orElse(resync);
    } catch (RuntimeException e) {
      log.error("a pass failed in a way that it should not have", e);
      return resync;
    }
  }

  private void account(Outcome outcome, Optional<Duration> retry) {
    Instant now = ticker.wall();
    Optional<Instant> next = retry.map(now::plus);
    seen.ifPresentOrElse(
        view ->
            book.passed(
                new Pass(
                    view.desired(),
                    view.observed(),
                    view.plan(),
                    outcome.behind(),
                    reconciler.left(),
                    id -> departures.filter(leaving -> leaving.isLeaving(id)).isPresent(),
                    now,
                    next,
                    later(outcome, now))),
        () -> book.unseen(outcome.failures().get(0).error().getMessage(), now, next));
  }

  /** What is parked is passed over by the passes before. */
  private SortedMap<ServiceId, Instant> later(Outcome outcome, Instant now) {
    SortedMap<ServiceId, Instant> later = new TreeMap<>();
    Map<String, Duration> parked = reconciler.parked();
    for (ServiceId id : outcome.behind().keySet()) {
      Optional.ofNullable(parked.get(id.value())).ifPresent(left -> later.put(id, now.plus(left)));
    }
    return later;
  }

  /** A quick pass that is under way is not torn in two by a stop; a slow one is. */
  private boolean mayFinish() {
    return !stopping || ticker.now().compareTo(asked.plus(FINISH)) < 0;
  }

  private void tellOnceUp(Outcome outcome) {
    if (!wasUp && outcome.done()) {
      wasUp = true;
      log.info(
          "the agent holds what the specs say, {} in all", outcome.desired().workloads().size());
    }
  }

  /**
   * Watches whatever stands there, also while something else fails. An entry that is not there, or
   * an agent that is away, would be news at once, and again at once after the next pass.
   */
  private void watch(Outcome outcome) {
    if (outcome.isSeen() && !outcome.isCutOff()) {
      outcome.held().findFirst().ifPresentOrElse(id -> agent.watch(id, this::wake), agent::unwatch);
    }
  }

  private void await(Duration wait) throws InterruptedException {
    if (isWoken(wait)) {
      int steps = 0;
      while (!stopping && steps++ < MOST_STEPS && ticker.await(signal, QUIET)) {
        signal.drainPermits();
      }
      signal.drainPermits();
    }
  }

  private boolean isWoken(Duration wait) throws InterruptedException {
    Duration left = wait;
    while (left.compareTo(GLANCE) > 0) {
      if (ticker.await(signal, GLANCE) || isForAnotherToken()) {
        return true;
      }
      left = left.minus(GLANCE);
    }
    return ticker.await(signal, left);
  }

  /** What the last pass was refused may be granted now. */
  private boolean isForAnotherToken() {
    return !tokenMark().equals(token) || reconciler.isFreed();
  }

  private String tokenMark() {
    try {
      return agent.tokenMark();
    } catch (AgentException e) {
      return "";
    }
  }

  /** Every pass tries everything again, so an agent that comes back in time is still told. */
  private void drain() throws InterruptedException {
    Duration end = asked.plus(patience());
    departures.ifPresent(Departures::leaveAll);
    while (true) {
      Outcome outcome = reconciler.drain(() -> ticker.now().compareTo(end) < 0);
      tellTrouble(outcome);
      drained =
          outcome.plan().isEmpty()
              && outcome.failures().isEmpty()
              && departures.map(Departures::isIdle).orElse(true);
      if (drained) {
        log.info("everything of ours is deregistered");
        return;
      }
      if (!wasSeen && !outcome.isSeen()) {
        log.error("the agent was never seen, so whether something of ours is there is not known");
        return;
      }
      Duration wait = outcome.failures().isEmpty() ? untilGone() : pause(outcome);
      if (ticker.now().plus(wait).compareTo(end) > 0) {
        log.error("not everything could be deregistered in time");
        return;
      }
      ticker.await(signal, wait);
    }
  }

  /** Whoever takes what leaves wakes us when it is gone. */
  private Duration untilGone() {
    return departures.isPresent() ? LOOK_WHILE_LEAVING : Duration.ZERO;
  }

  private Duration pause(Outcome outcome) {
    Duration longest = Duration.ofSeconds(1);
    Duration wait = backoff.after(outcome, Map.of()).orElse(longest);
    return wait.compareTo(longest) < 0 ? wait : longest;
  }

  /** Says what is new; a pass that finds what the last one found says nothing. */
  private void tell(Outcome outcome) {
    tellTrouble(outcome);
    if (!outcome.failures().isEmpty() && outcome.desired().problems().isEmpty()) {
      return;
    }
    tellWarnings(outcome.desired().warnings());
    if (!outcome.desired().problems().equals(told)) {
      told = outcome.desired().problems();
      told.forEach(problem -> log.error("{}", problem));
      if (told.isEmpty()) {
        log.info("all specs are in order");
      }
    }
  }

  private void tellWarnings(List<Problem> warnings) {
    warnings.stream()
        .filter(warning -> !warned.contains(warning))
        .forEach(warning -> log.warn("{}", warning));
    warned = warnings;
  }

  private void tellTrouble(Outcome outcome) {
    String now = String.join("; ", outcome.failures().stream().map(Failure::toString).toList());
    if (!now.equals(trouble)) {
      if (now.isEmpty()) {
        log.info("the agent does what it is asked again");
      } else {
        log.warn("{}", now);
      }
      trouble = now;
    }
  }
}
