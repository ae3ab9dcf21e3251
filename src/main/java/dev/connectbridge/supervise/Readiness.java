package dev.connectbridge.supervise;

import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Whether whoever starts an application may start it: a value. */
public sealed interface Readiness {

  /** Returns what one of three says of it. */
  <T> T match(Supplier<T> ready, Function<String, T> waiting, BiFunction<String, String, T> denied);

  /** Returns whether the application may start. */
  default boolean isReady() {
    return match(() -> true, reason -> false, (source, destination) -> false);
  }

  /** The group is registered, its proxies run and listen. */
  record Ready() implements Readiness {
    @Override
    public <T> T match(
        Supplier<T> ready, Function<String, T> waiting, BiFunction<String, String, T> denied) {
      return ready.get();
    }

    @Override
    public String toString() {
      return "READY";
    }
  }

  /**
   * It may become ready by itself.
   *
   * @param reason what it waits for, in words
   */
  record Waiting(String reason) implements Readiness {
    @Override
    public <T> T match(
        Supplier<T> ready, Function<String, T> waiting, BiFunction<String, String, T> denied) {
      return waiting.apply(reason);
    }

    @Override
    public String toString() {
      return "WAITING: " + reason;
    }
  }

  /**
   * Intentions keep one of its services from an upstream.
   *
   * @param source the service
   * @param destination the upstream
   */
  record Denied(String source, String destination) implements Readiness {
    @Override
    public <T> T match(
        Supplier<T> ready, Function<String, T> waiting, BiFunction<String, String, T> denied) {
      return denied.apply(source, destination);
    }

    @Override
    public String toString() {
      return "DENIED: no intention lets " + source + " connect to " + destination;
    }
  }
}
