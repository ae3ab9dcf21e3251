package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.Pauses;
import dev.connectbridge.plan.Change;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.supervise.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the agent would not take, each item with a time of its own for the next try. Until then it
 * is not written again, however many passes there are for the sake of others, unless something else
 * is wanted of it or the token is another one. An agent that is away parks nothing.
 */
final class Parking {
  /** What is refused will be refused again until somebody does something about it. */
  private static final Pauses REFUSED =
      Pauses.upTo(Duration.ofMinutes(1), 2, Duration.ofMinutes(10)).from(Duration.ofSeconds(10));

  /** An item waits for others for this part of the longest pause it could have had. */
  private static final int COMPANY = 4;

  private final AgentApi agent;
  private final Ticker ticker;
  private final Map<String, Parked> parked = new HashMap<>();
  private final Map<String, String> told = new HashMap<>();
  private final Set<String> waiting = new HashSet<>();

  Parking(AgentApi agent, Ticker ticker) {
    this.agent = agent;
    this.ticker = ticker;
  }

  private record Parked(
      Object wanted, String token, AgentException why, int times, Duration until) {
    boolean isFor(Object other, String mark) {
      return wanted.equals(other) && token.equals(mark);
    }

    boolean isFor(String mark) {
      return token.equals(mark);
    }

    Pauses pauses() {
      return why.kind().retryable() ? Backoff.FAILING : REFUSED;
    }

    Duration company() {
      return pauses().longest(times).dividedBy(COMPANY);
    }
  }

  /** Something that the agent may refuse. */
  @FunctionalInterface
  interface Step {
    void run() throws AgentException;
  }

  /** Forgets what nobody wants to write any more. */
  void keep(Plan plan) {
    Set<String> ids = new HashSet<>();
    plan.entries().forEach(entry -> ids.add(entry.wanted().id()));
    plan.changes().forEach(change -> ids.add(change.wanted().id().value()));
    parked.keySet().retainAll(ids);
    told.keySet().retainAll(ids);
  }

  /** Returns how long each item is not tried again, by its ID. */
  Map<String, Duration> left() {
    Map<String, Duration> left = new HashMap<>();
    parked.forEach((id, item) -> left.put(id, item.until().minus(ticker.now())));
    return left;
  }

  /**
   * Returns in how long there should be a pass for each item, by its ID: when its time has come,
   * and a while after this pass in any case, so that a thousand items do not need a pass each.
   */
  Map<String, Duration> due() {
    Map<String, Duration> due = new HashMap<>();
    left()
        .forEach(
            (id, left) ->
                due.put(
                    id, (left.isNegative() ? Duration.ZERO : left).plus(parked.get(id).company())));
    return due;
  }

  /**
   * Returns whether the token of an item is another than the one that it was refused with. Told of
   * each token once: the pass for it may come to nothing, and there is a time for the next.
   */
  boolean isFreed() {
    boolean freed = false;
    for (Map.Entry<String, Parked> item : parked.entrySet()) {
      freed |= isFreed(item.getKey(), item.getValue());
    }
    return freed;
  }

  private boolean isFreed(String id, Parked item) {
    try {
      String mark = mark(item.wanted());
      return !item.isFor(mark) && !mark.equals(told.put(id, mark));
    } catch (AgentException e) {
      return false;
    }
  }

  /** Returns which of these are not tried in this pass, however long it takes. */
  Set<String> waiting(Collection<Change> changes) {
    waiting.clear();
    for (Change change : changes) {
      String id = change.wanted().id().value();
      Parked last = parked.get(id);
      if (last != null && isFor(last, change.wanted()) && isEarly(last)) {
        waiting.add(id);
      }
    }
    return Set.copyOf(waiting);
  }

  private boolean isFor(Parked item, Object wanted) {
    try {
      return item.isFor(wanted, mark(wanted));
    } catch (AgentException e) {
      return false;
    }
  }

  private boolean isEarly(Parked item) {
    return ticker.now().compareTo(item.until()) < 0;
  }

  /** Takes a step for an item, or throws what came of the last one when it is not time yet. */
  void step(String id, Object wanted, Step step) throws AgentException {
    Parked last = parked.get(id);
    String mark = mark(wanted); // as it is before: another may come while the agent still refuses
    boolean same = last != null && last.isFor(wanted, mark);
    if (same && (waiting.contains(id) || isEarly(last))) {
      throw last.why();
    }
    try {
      step.run();
      parked.remove(id);
    } catch (AgentException e) {
      if (!e.kind().endsPass()) {
        parked.put(id, again(wanted, mark, e, same ? last.times() + 1 : 1));
      }
      throw e;
    }
  }

  /** A service may have a token of its own. */
  private String mark(Object wanted) throws AgentException {
    return wanted instanceof Registration registration
        ? agent.tokenMark(registration.name())
        : agent.tokenMark();
  }

  private Parked again(Object wanted, String mark, AgentException why, int times) {
    Parked now = new Parked(wanted, mark, why, times, ticker.now());
    Duration pause = now.pauses().after(times, ticker.chance());
    return new Parked(wanted, mark, why, times, now.until().plus(pause));
  }
}
