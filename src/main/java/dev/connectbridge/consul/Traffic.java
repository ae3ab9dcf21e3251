package dev.connectbridge.consul;

import dev.connectbridge.consul.AgentCalls.Answer;
import dev.connectbridge.consul.AgentCalls.Exchange;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.ConsulAgent.Pace;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much may be under way to one agent at once, and how many writes a second. Nobody waits here:
 * what is too much is not sent, and whoever asked tries again in his own time.
 */
final class Traffic {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Map<Lane, Bulkhead> lanes = new EnumMap<>(Lane.class);
  private final Map<Lane, RateLimiter> budgets = new EnumMap<>(Lane.class);

  Traffic(Pace pace, Ticker ticker) {
    for (Lane lane : Lane.values()) {
      lanes.put(lane, bulkhead(lane));
    }
    budgets.put(Lane.WRITE, budget("writes", pace.writes(), ticker));
    budgets.put(Lane.DRAIN, budget("drains", pace.drains(), ticker));
  }

  private static Bulkhead bulkhead(Lane lane) {
    return Bulkhead.of(
        lane.name(),
        BulkheadConfig.custom()
            .maxConcurrentCalls(lane.connections())
            .maxWaitDuration(Duration.ZERO)
            .writableStackTraceEnabled(false)
            .build());
  }

  private static RateLimiter budget(String name, int aSecond, Ticker ticker) {
    return RateLimiter.of(
        name,
        RateLimiterConfig.custom()
            .limitRefreshPeriod(SECOND)
            .limitForPeriod(aSecond)
            .timeoutDuration(Duration.ZERO)
            .writableStackTraceEnabled(false)
            .build(),
        () -> ticker.now().toNanos());
  }

  /**
   * Makes an exchange in a lane.
   *
   * @throws AgentException of the kind NOT_SENT when there is no place or budget for it now
   */
  Answer in(Lane lane, String asked, Exchange exchange) throws AgentException {
    enter(lane, asked);
    try {
      return exchange.run();
    } finally {
      leave(lane);
    }
  }

  /**
   * Takes a place for one exchange, until {@link #leave}.
   *
   * @throws AgentException of the kind NOT_SENT when there is none now
   */
  void enter(Lane lane, String asked) throws AgentException {
    Bulkhead bulkhead = lanes.get(lane);
    if (!bulkhead.tryAcquirePermission()) {
      throw notSent(asked, "%d such calls are under way".formatted(lane.connections()));
    }
    RateLimiter budget = budgets.get(lane);
    // Reserving never parks, and with no patience it reserves nothing for later.
    if (budget != null && budget.reservePermission() != 0) {
      bulkhead.releasePermission();
      throw notSent(
          asked,
          "this second's %d %s are used up"
              .formatted(budget.getRateLimiterConfig().getLimitForPeriod(), budget.getName()));
    }
  }

  /** Gives a place back. */
  void leave(Lane lane) {
    lanes.get(lane).onComplete();
  }

  static AgentException notSent(String asked, String why) {
    return new AgentException(Kind.NOT_SENT, asked + ": not sent, since " + why, null);
  }
}
