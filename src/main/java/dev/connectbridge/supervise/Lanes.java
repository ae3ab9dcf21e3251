package dev.connectbridge.supervise;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Where what takes its time is done, so that no kind of it holds up another. */
interface Lanes extends AutoCloseable {

  /** The kinds of work. */
  enum Lane {
    /** Deregistering what drains. Far below the 200 connections that an agent gives a client. */
    DRAIN(16),
    /** Starting and looking at tasks. */
    TASK(8),
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

  /** Does something in a lane, some time; after the end nothing is done any more. */
  void run(Lane lane, Runnable work);

  @Override
  void close();

  /** Returns lanes of threads. */
  static Lanes ofThreads() {
    Map<Lane, ExecutorService> pools = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      ThreadPoolExecutor pool =
          new ThreadPoolExecutor(
              lane.threads,
              lane.threads,
              10,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              work -> {
                Thread thread = new Thread(work, "connect-bridge-" + lane);
                thread.setDaemon(true);
                return thread;
              });
      pool.allowCoreThreadTimeOut(true);
      pools.put(lane, pool);
    }
    return new Lanes() {
      @Override
      public void run(Lane lane, Runnable work) {
        try {
          pools.get(lane).execute(work);
        } catch (RejectedExecutionException e) {
          // the end has come
        }
      }

      @Override
      public void close() {
        pools.values().forEach(ExecutorService::shutdownNow);
      }
    };
  }
}
