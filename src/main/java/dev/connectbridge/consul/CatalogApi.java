package dev.connectbridge.consul;

import dev.connectbridge.resolve.Marks;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The servers behind the agent: what they tell everybody else. Each call is made once, and takes 10
 * seconds at most, other than the one that blocks. An answer that is not the servers' own, or that
 * is about another node, is an {@link AgentException} of the kind GARBLED. Safe for use by several
 * threads.
 */
public interface CatalogApi {

  /**
   * Returns what a node has of ours, by the {@code external-source} of their Meta. With an index
   * above 0 the servers answer once something of the node has changed since, or when {@code wait}
   * is over.
   *
   * @throws AgentException when the answer does not come, or was given up by {@link #unblock}
   */
  NodeServices ours(String node, long index, Duration wait) throws AgentException;

  /** Ends every call of {@link #ours} that is under way, which throw. */
  void unblock();

  /**
   * Returns which of these IDs a node has, whosever they are, by the word of the leader that has
   * asked the other servers whether it still is one.
   *
   * @throws AgentException when the answer does not come
   */
  NodeServices held(String node, Collection<String> ids) throws AgentException;

  /**
   * Returns whether our token may read a node and these services: of what it may not read, the
   * catalog says nothing at all.
   *
   * @throws AgentException when the answer does not come
   */
  Grant mayRead(String node, Collection<String> services) throws AgentException;

  /**
   * Returns whether ACLs are on.
   *
   * @throws AgentException when the answer does not come
   */
  boolean aclsOn() throws AgentException;

  /**
   * Removes a row that the catalog holds although the agent has no such entry: writes it to the
   * agent with our token, as the catalog has it, and deregisters it there. Three exchanges; returns
   * whether there was such a row.
   *
   * @throws AgentException when it may still be there
   */
  boolean removeGhost(String node, String id) throws AgentException;

  /**
   * Returns whether intentions let one service connect to another.
   *
   * @throws AgentException of the kind FORBIDDEN when the token may not read the destination
   */
  boolean allows(String source, String destination) throws AgentException;

  /**
   * Returns how many instances of a service can be connected to now, in a datacenter or, when that
   * is empty, in the agent's own. What the token may not read is not counted.
   *
   * @throws AgentException when the answer does not come
   */
  int connectable(String service, String datacenter) throws AgentException;

  /**
   * A key that one session at a time has the lock of. Each call is made once. Safe for use by
   * several threads.
   */
  interface Lock {

    /**
     * Returns which rules the token lacks to take the lock of a node's key; empty when none.
     *
     * @throws AgentException of the kind FORBIDDEN when nobody knows the token
     */
    List<String> missing(String node, String key) throws AgentException;

    /**
     * Opens a session on the agent's node. It lives until it is closed or the node fails; its locks
     * are released with it, and may be taken again at once.
     */
    String open(String name) throws AgentException;

    /** Returns whether there is such a session. */
    boolean isOpen(String session) throws AgentException;

    /** Closes a session, whoever has opened it; one that is not there is no error. */
    void close(String session) throws AgentException;

    /** Takes the lock, if nobody else has it, and writes the value; returns whether it has. */
    boolean acquire(String key, String session, String value) throws AgentException;

    /** Lets go of the lock, and writes the value; returns whether it was this session's. */
    boolean release(String key, String session, String value) throws AgentException;

    /** Returns how the key is now; the servers are asked, not what one of them remembers. */
    Held read(String key) throws AgentException;

    /**
     * Calls {@code changed} once, from another thread, when the key may be other than it was; at
     * once when that cannot be told. A new watch ends the one before.
     */
    void watch(String key, Held was, Runnable changed);

    /** Ends the watch, if there is one, without calling anybody. */
    void unwatch();
  }

  /**
   * A key as the servers hold it.
   *
   * @param index what to wait for a change of
   * @param session who has the lock; empty when nobody has
   * @param times how often the lock has changed hands; 0 when there is no such key
   * @param value what is written there
   */
  record Held(long index, Optional<String> session, long times, String value) {}

  /**
   * What the servers hold of a node.
   *
   * @param index what to wait for a change of; never 0
   * @param nodeKnown whether they answered for the node at all: where not, either they do not know
   *     it or the token may not read it, and nothing is proven
   * @param ids the IDs of the services asked for
   * @param marks what ownership marks they carry, by ID; those without any are left out
   */
  record NodeServices(
      long index, boolean nodeKnown, SortedSet<String> ids, SortedMap<String, Marks> marks) {
    public NodeServices {
      ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
      marks = Collections.unmodifiableSortedMap(new TreeMap<>(marks));
    }

    /** Creates one that says nothing of marks. */
    public NodeServices(long index, boolean nodeKnown, SortedSet<String> ids) {
      this(index, nodeKnown, ids, new TreeMap<>());
    }

    /** Returns whether the node is known and has none of these. */
    boolean without(Set<String> wanted) {
      return nodeKnown && wanted.stream().noneMatch(id -> ids.contains(id));
    }
  }

  /**
   * What a token may read.
   *
   * @param aclsOn whether there are ACLs at all; without them everything may be read
   * @param missing the rights that it lacks
   */
  record Grant(boolean aclsOn, List<Right> missing) {
    public Grant {
      missing = List.copyOf(missing);
    }
  }

  /**
   * A right to read.
   *
   * @param resource {@code node} or {@code service}
   * @param name which
   */
  record Right(String resource, String name) {

    /** Returns the right in Consul's words. */
    @Override
    public String toString() {
      return "%s:read on \"%s\"".formatted(resource, name);
    }
  }
}
