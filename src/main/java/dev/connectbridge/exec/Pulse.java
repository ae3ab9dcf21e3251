package dev.connectbridge.exec;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What makes a driver look after its tasks again and again. */
@FunctionalInterface
interface Pulse {

  /** A daemon thread of its own. */
  Pulse THREAD =
      (period, beat) -> {
        ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                work -> {
                  Thread daemon = new Thread(work, "raw-exec");
                  daemon.setDaemon(true);
                  return daemon;
                });
        Future<?> unused =
            thread.scheduleWithFixedDelay(
                beat, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
        return thread::shutdownNow;
      };

  /**
   * Calls {@code beat} once in every period, until what it returns is run. A beat throws nothing.
   */
  Runnable start(Duration period, Runnable beat);
}
