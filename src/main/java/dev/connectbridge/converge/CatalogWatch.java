package dev.connectbridge.converge;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.CatalogApi;
import dev.connectbridge.consul.CatalogApi.NodeServices;
import dev.connectbridge.consul.Pauses;
import dev.connectbridge.supervise.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Follows what the servers hold of this node, by one blocked query and a thread of its own, and
 * writes it into the book. It reads only.
 */
public final class CatalogWatch implements Runnable, AutoCloseable {
  private static final Duration WAIT = Duration.ofMinutes(5);

  /** A node on which much happens is not asked more often. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Pauses PAUSES = Pauses.upTo(PAUSE, 2, Duration.ofSeconds(30));

  private final CatalogApi servers;
  private final NodeName node;
  private final ConvergenceBook book;
  private final Ticker ticker;
  private final CountDownLatch closed = new CountDownLatch(1);
  private long index;
  private int failures;

  /** Says which node this agent is, by asking it. */
  @FunctionalInterface
  public interface NodeName {
    /** Returns the name; empty when nobody says it. */
    String ask() throws AgentException;
  }

  /** Creates one; it is for a thread of the caller's. */
  public CatalogWatch(CatalogApi servers, NodeName node, ConvergenceBook book, Ticker ticker) {
    this.servers = servers;
    this.node = node;
    this.book = book;
    this.ticker = ticker;
  }

  @Override
  public void run() {
    try {
      while (!closed.await(turn().toMillis(), TimeUnit.MILLISECONDS)) {
        // until it is closed
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks once, and returns how long to wait before the next time. */
  Duration turn() {
    try {
      String name = node.ask();
      if (name.isEmpty()) {
        book.catalogUnseen("nobody says the name of this node", ticker.wall());
        return slower();
      }
      NodeServices held = servers.ours(name, index, WAIT);
      // An index that goes backwards is that of servers that were restored: begin anew.
      index = held.index() < index ? 0 : held.index();
      book.catalog(held, ticker.wall());
      failures = 0;
      return PAUSE;
    } catch (AgentException e) {
      index = 0;
      if (closed.getCount() > 0) {
        book.catalogUnseen(e.getMessage(), ticker.wall());
      }
      return slower();
    }
  }

  /** Many that lost the servers at one moment do not come back to them at another. */
  private Duration slower() {
    failures++;
    return PAUSES.after(failures, ticker.chance());
  }

  @Override
  public void close() {
    closed.countDown();
    servers.unblock();
  }
}
