package dev.connectbridge.supervise;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Where what takes its time is done, so that no kind of it holds up another. */
interface Lanes extends AutoCloseable {

  /** The kinds of work. */
  enum Lane {
    /** Deregistering what drains. Far below the 200 connections that an agent gives a client. */
    DRAIN(16),
    /** Starting tasks, and clearing away what they left. */
    TASK(8),
    /** Asking a driver what runs. */
    LOOK(1),
    /** Signalling and ending tasks, which no slow start may hold up. */
    SIGNAL(8),
    /** Script checks. */
    CHECK(8),
    /** Asking Consul how a group stands. */
    ASK(4),
    /** Knocking at listeners. */
    PROBE(2);

    private final int threads;

    Lane(int threads) {
      this.threads = threads;
    }
  }

  /**
   * Does something in a lane, some time; after the end nothing is done any more.
   *
   * @param of whose lane it is: each has one of its own, so that what hangs holds up its own kind
   */
  void run(Lane lane, String of, Runnable work);

  /** Does something in a lane that belongs to nobody. */
  default void run(Lane lane, Runnable work) {
    run(lane, "", work);
  }

  @Override
  void close();

  /** Returns lanes of threads. */
  static Lanes ofThreads() {
    Map<String, ExecutorService> pools = new HashMap<>();
    return new Lanes() {
      private boolean closed;

      @Override
      public synchronized void run(Lane lane, String of, Runnable work) {
        if (!closed) {
          pools.computeIfAbsent(lane + "-" + of, any -> pool(lane, of)).execute(work);
        }
      }

      @Override
      public synchronized void close() {
        closed = true;
        pools.values().forEach(ExecutorService::shutdownNow);
      }
    };
  }

  private static ExecutorService pool(Lane lane, String of) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            lane.threads,
            lane.threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread =
                  new Thread(work, "connect-bridge-" + lane + (of.isEmpty() ? "" : "-" + of));
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
