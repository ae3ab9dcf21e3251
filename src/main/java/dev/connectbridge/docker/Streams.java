package dev.connectbridge.docker;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** The threads that wait for what the engine tells, and the pauses between two attempts. */
final class Streams {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration END = Duration.ofSeconds(5);

  private final ExecutorService waiting =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "docker-stream");
            thread.setDaemon(true);
            return thread;
          });

  boolean isClosed() {
    return waiting.isShutdown();
  }

  /** Starts what waits for long; nothing happens once this is shut down. */
  void start(Runnable task) {
    try {
      waiting.execute(task);
    } catch (RejectedExecutionException e) {
      // shut down meanwhile
    }
  }

  /** Starts it after a pause. */
  void startLater(Runnable task) {
    CompletableFuture.delayedExecutor(PAUSE.toMillis(), MILLISECONDS, this::start).execute(task);
  }

  /** Nothing is started any more. */
  void shutDown() {
    waiting.shutdown();
  }

  /** Waits until nobody writes any more: the next driver goes on where this one stopped. */
  void awaitEnd() {
    try {
      if (!waiting.awaitTermination(END.toMillis(), MILLISECONDS)) {
        waiting.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
