package dev.connectbridge.testing;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.CatalogApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Servers in memory that know one node. A blocked question is answered when that node changes, not
 * when its wait is over. Every call leaves a line in the trace before it is answered. Safe for use
 * by several threads.
 */
public final class FakeCatalog implements CatalogApi {
  private final String node;
  private final List<String> trace = new ArrayList<>();
  private final SortedSet<String> ids = new TreeSet<>();
  private List<Right> missing = List.of();
  private Optional<Kind> failure = Optional.empty();
  private boolean known = true;
  private boolean allows = true;
  private int connectable = 1;
  private int unblocked;
  private long index = 1;

  /** Knows one node, which has nothing. */
  public FakeCatalog(String node) {
    this.node = node;
  }

  /** Adds rows. */
  public synchronized FakeCatalog hold(Collection<String> more) {
    ids.addAll(more);
    return moved();
  }

  /** Removes rows. */
  public synchronized void forget(Collection<String> gone) {
    ids.removeAll(gone);
    moved();
  }

  /** Answers as after a restore: by an index that begins anew. */
  public synchronized void beginAnew() {
    index = 1;
    notifyAll();
  }

  /** Gives or takes rights; without {@code node:read} the node is not known. */
  public synchronized void lack(Right... rights) {
    missing = List.of(rights);
    known = missing.stream().noneMatch(right -> right.resource().equals("node"));
    notifyAll();
  }

  /** Does not know its node any more, or knows it again. */
  public synchronized void know(boolean it) {
    known = it;
    moved();
  }

  /** Fails every call until {@link #heal}. */
  public synchronized void fail(Kind kind) {
    failure = Optional.of(kind);
    notifyAll();
  }

  /** Ends the failures. */
  public synchronized void heal() {
    failure = Optional.empty();
  }

  /** Says this of every intention and of every service's instances. */
  public synchronized void mesh(boolean allowsAll, int connectableEach) {
    allows = allowsAll;
    connectable = connectableEach;
  }

  /** Returns the calls so far. */
  public synchronized List<String> trace() {
    return List.copyOf(trace);
  }

  /** Waits until a call that begins so was made so often; twenty seconds at most. */
  public synchronized void await(String call, int times) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (trace.stream().filter(line -> line.startsWith(call)).count() < times) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("no \"%s\" %d times in %s".formatted(call, times, trace));
      }
      wait(left);
    }
  }

  @Override
  public synchronized NodeServices ours(String of, long since, Duration wait)
      throws AgentException {
    call("ours since " + since);
    int before = unblocked;
    while (since == index && known && failure.isEmpty() && before == unblocked) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AgentException(Kind.UNREACHABLE, "interrupted", e);
      }
    }
    if (before != unblocked) {
      throw new AgentException(Kind.UNREACHABLE, "unblocked", null);
    }
    failIfSo();
    return services(ids);
  }

  @Override
  public synchronized void unblock() {
    unblocked++;
    notifyAll();
  }

  @Override
  public synchronized NodeServices held(String of, Collection<String> wanted)
      throws AgentException {
    call("held " + new TreeSet<>(wanted));
    failIfSo();
    SortedSet<String> found = new TreeSet<>(wanted);
    found.retainAll(ids);
    return services(found);
  }

  private NodeServices services(SortedSet<String> found) {
    found = known ? found : new TreeSet<>();
    return new NodeServices(index, known, found);
  }

  @Override
  public synchronized Grant mayRead(String of, Collection<String> services) throws AgentException {
    call("may read " + new TreeSet<>(services));
    failIfSo();
    return new Grant(true, missing);
  }

  @Override
  public synchronized boolean aclsOn() throws AgentException {
    call("acls");
    failIfSo();
    return true;
  }

  @Override
  public synchronized boolean removeGhost(String of, String id) throws AgentException {
    call("remove ghost " + id);
    failIfSo();
    boolean there = ids.remove(id);
    moved();
    return there;
  }

  @Override
  public synchronized boolean allows(String source, String destination) throws AgentException {
    call("allows " + source + " to " + destination);
    failIfSo();
    return allows;
  }

  @Override
  public synchronized int connectable(String service, String datacenter) throws AgentException {
    call("connectable " + service);
    failIfSo();
    return connectable;
  }

  private FakeCatalog moved() {
    index++;
    notifyAll();
    return this;
  }

  private void call(String call) {
    trace.add(call);
    notifyAll();
  }

  private void failIfSo() throws AgentException {
    if (failure.isPresent()) {
      throw new AgentException(failure.get(), failure.get() + " to the catalog", null);
    }
  }

  @Override
  public String toString() {
    return "catalog of " + node;
  }
}
