package dev.connectbridge.consul;

import dev.connectbridge.consul.CatalogApi.Grant;
import dev.connectbridge.consul.CatalogApi.NodeServices;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the servers about one node while anybody wants to know: one thread stands in the blocked
 * query and sees what may have gone, the other asks what must be sure.
 */
final class NodeProof {
  private static final Logger log = LoggerFactory.getLogger(NodeProof.class);

  /** Read one by one, the changes that many deregistrations make would cost as much as those. */
  private static final Duration BURST = Duration.ofMillis(25);

  private final CatalogApi catalog;
  private final String node;
  private final Duration wait;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();
  private final Condition ended = lock.newCondition();
  private final Inquiries inquiries;
  private boolean watching;
  private boolean asking;
  private boolean closed;

  NodeProof(CatalogApi catalog, String node, Duration wait) {
    this.catalog = catalog;
    this.node = node;
    this.wait = wait;
    this.inquiries = new Inquiries(node, () -> ThreadLocalRandom.current().nextDouble());
  }

  void join(OpenInquiry inquiry) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      inquiries.join(inquiry);
      asked.signalAll();
      if (!watching) {
        watching = true;
        start(this::watch, "consul-absence-watch");
      }
      if (!asking) {
        asking = true;
        start(this::ask, "consul-absence-ask");
      }
    } finally {
      lock.unlock();
    }
  }

  private static void start(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  void leave(OpenInquiry inquiry) {
    lock.lock();
    try {
      inquiries.leave(inquiry);
      asked.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      asked.signalAll();
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A question that leaves does not end the blocked query: the next one finds it standing. */
  private void watch() {
    long index = 0;
    int failures = 0;
    while (isWatched()) {
      try {
        NodeServices now = catalog.ours(node, index, wait);
        // One that does not block, or whose index goes back, must not be asked without a pause.
        failures = !now.nodeKnown() ? failures + 1 : now.index() > index ? 0 : 1;
        index = now.nodeKnown() && now.index() >= index ? now.index() : 0;
        shown(Optional.of(now));
      } catch (AgentException e) {
        index = 0;
        failures++;
        shown(Optional.empty());
      }
      rest(failures);
    }
  }

  private boolean isWatched() {
    lock.lock();
    try {
      watching = !closed && !inquiries.isEmpty();
      return watching;
    } finally {
      lock.unlock();
    }
  }

  private void shown(Optional<NodeServices> now) {
    lock.lock();
    try {
      now.ifPresentOrElse(inquiries::shown, inquiries::unseen);
      asked.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void rest(int failures) {
    lock.lock();
    try {
      long left = (failures == 0 ? BURST : inquiries.pause(failures)).toNanos();
      while (left > 0 && !closed) {
        left = ended.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private void ask() {
    List<OpenInquiry> taken = next();
    while (!taken.isEmpty()) {
      answer(taken).forEach(NodeProof::tell);
      taken = next();
    }
  }

  private List<OpenInquiry> answer(List<OpenInquiry> taken) {
    Set<String> ids = new TreeSet<>();
    Set<String> services = new TreeSet<>();
    taken.forEach(
        inquiry -> {
          ids.addAll(inquiry.ids());
          services.addAll(inquiry.services());
        });
    try {
      Grant grant = catalog.mayRead(node, services);
      NodeServices held = catalog.held(node, ids);
      return settle(taken, grant, held);
    } catch (AgentException e) {
      failed(taken, e);
      return List.of();
    }
  }

  private static void tell(OpenInquiry inquiry) {
    try {
      inquiry.tell();
    } catch (RuntimeException e) {
      log.error("somebody who was told of a proof failed", e);
    }
  }

  private List<OpenInquiry> settle(List<OpenInquiry> taken, Grant grant, NodeServices held) {
    lock.lock();
    try {
      return inquiries.settle(taken, grant, held, Ticker.MONOTONIC.now());
    } finally {
      lock.unlock();
    }
  }

  private void failed(List<OpenInquiry> taken, AgentException why) {
    lock.lock();
    try {
      inquiries.failed(taken, why, Ticker.MONOTONIC.now());
    } finally {
      lock.unlock();
    }
  }

  /** Waits for what is due; returns nothing when nobody asks any more. */
  private List<OpenInquiry> next() {
    lock.lock();
    try {
      List<OpenInquiry> taken = due();
      asking = !taken.isEmpty();
      return taken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      asking = false;
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private List<OpenInquiry> due() throws InterruptedException {
    while (!closed && !inquiries.isEmpty()) {
      Optional<Duration> left = inquiries.untilDue(Ticker.MONOTONIC.now());
      if (left.isEmpty()) {
        asked.await();
      } else if (left.get().isZero() || asked.awaitNanos(left.get().toNanos()) <= 0) {
        List<OpenInquiry> taken = inquiries.take(Ticker.MONOTONIC.now());
        if (!taken.isEmpty()) {
          return taken;
        }
      }
    }
    return List.of();
  }
}
