package dev.connectbridge.supervise;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the supervisor's thread is told, by any thread, and does in turn. Only that thread hears and
 * waits.
 */
final class Inbox {
  private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();
  private final Semaphore signal = new Semaphore(0);
  private volatile boolean idle = true;

  /** Has something done, soon. */
  void tell(Runnable what) {
    news.add(what);
    idle = false;
    signal.release();
  }

  /** Has a question answered, soon. */
  <T> CompletableFuture<T> ask(Supplier<CompletableFuture<T>> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    tell(() -> answer(question, answer));
    return answer;
  }

  private static <T> void answer(
      Supplier<CompletableFuture<T>> question, CompletableFuture<T> answer) {
    try {
      var unused =
          question
              .get()
              .whenComplete(
                  (value, error) -> {
                    if (error == null) {
                      answer.complete(value);
                    } else {
                      answer.completeExceptionally(error);
                    }
                  });
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  /** Does all that it was told. */
  void hear() {
    for (Runnable what = news.poll(); what != null; what = news.poll()) {
      what.run();
    }
  }

  boolean isEmpty() {
    return news.isEmpty();
  }

  /** Waits for news, or for the time to be over. */
  void await(Duration wait) throws InterruptedException {
    if (signal.tryAcquire(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS)) {
      signal.drainPermits();
    }
  }

  /** Ends the wait. */
  void wake() {
    signal.release();
  }

  /** Says whether there is anything to do; what is told from now on is. */
  void rest(boolean nothingToDo) {
    idle = nothingToDo && isEmpty();
  }

  boolean isIdle() {
    return idle;
  }
}
