package dev.connectbridge.consul;

import dev.connectbridge.consul.AgentCalls.Answer;
import dev.connectbridge.consul.AgentCalls.Exchange;
import dev.connectbridge.consul.AgentException.Kind;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * The circuit breaker of one agent. Calls that fail one after another open it, and then nothing is
 * written until the agent has answered a call that only reads. Reading is always tried: it does no
 * harm, and the moment it works everything goes on.
 */
final class AgentBreaker {
  /** So many of the last calls are looked at; half of them failing is too many. */
  private static final int WINDOW = 10;

  private static final int AT_LEAST = 5;

  private final CircuitBreaker breaker;

  AgentBreaker(Ticker ticker) {
    this.breaker =
        CircuitBreaker.of(
            "agent",
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(WINDOW)
                .minimumNumberOfCalls(AT_LEAST)
                .failureRateThreshold(50)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(Duration.ofMillis(1))
                .clock(new TickerClock(ticker))
                .currentTimestampFunction(any -> ticker.now().toNanos(), TimeUnit.NANOSECONDS)
                .writableStackTraceEnabled(false)
                .build());
  }

  /** Returns whether anything may be written. */
  boolean isClosed() {
    return breaker.getState() == State.CLOSED;
  }

  /** Makes a call that only reads; whatever else is known, one that works is believed. */
  Answer read(Exchange exchange) throws AgentException {
    boolean counts = breaker.tryAcquirePermission();
    Answer answer = counted(counts, exchange);
    if (!answer.reply().saysBroken() && !isClosed()) {
      breaker.transitionToClosedState();
    }
    return answer;
  }

  /** Makes a call that writes. */
  Answer write(Exchange exchange) throws AgentException {
    return counted(true, exchange);
  }

  private Answer counted(boolean counts, Exchange exchange) throws AgentException {
    try {
      Answer answer = exchange.run();
      if (counts && answer.reply().saysBroken()) {
        breaker.onError(0, TimeUnit.NANOSECONDS, answer.reply().refusal());
      } else if (counts) {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      }
      return answer;
    } catch (AgentException e) {
      if (counts && (e.kind() == Kind.UNREACHABLE || e.kind() == Kind.TIMEOUT)) {
        breaker.onError(0, TimeUnit.NANOSECONDS, e);
      } else if (counts) {
        breaker.releasePermission();
      }
      throw e;
    }
  }

  /** The library's clock, which only decides that opening is over. */
  private static final class TickerClock extends Clock {
    private final Ticker ticker;

    TickerClock(Ticker ticker) {
      this.ticker = ticker;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plus(ticker.now());
    }
  }
}
