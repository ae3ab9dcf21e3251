package dev.connectbridge.supervise;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Keeps passes from writing what a drain removes. Passes and drains run in different threads; this
 * is all that they share. An entry is behind the fence from the moment its drain begins, or while
 * somebody's word holds it back; once {@link #awaitQuiet} has returned, no write of it is under way
 * either.
 */
final class Fence {
  private final Set<String> closed = new HashSet<>();
  private final Set<String> held = new HashSet<>();
  private final Set<String> givenAway = new HashSet<>();
  private final Map<String, String> writing = new HashMap<>();
  private final Map<String, String> tokens = new HashMap<>();

  /**
   * Returns whether an entry may be written now; then {@link #exit} must follow.
   *
   * @param token tells the token that it is written with from others, and not what it is
   */
  synchronized boolean enter(String id, String token) {
    return !isClosed(id) && writing.putIfAbsent(id, token) == null;
  }

  /** A write is over. Of one that failed nobody knows which token is the entry's now. */
  synchronized void exit(String id, boolean done) {
    String token = writing.remove(id);
    if (done) {
      tokens.put(id, token);
    } else {
      tokens.remove(id);
    }
    notifyAll();
  }

  synchronized boolean wasWrittenWith(String id, String token) {
    return token.equals(tokens.get(id));
  }

  synchronized boolean isClosed(String id) {
    return closed.contains(id) || held.contains(id);
  }

  synchronized boolean isHeld(String id) {
    return held.contains(id);
  }

  synchronized void close(Collection<String> ids) {
    closed.addAll(ids);
  }

  synchronized void open(Collection<String> ids) {
    closed.removeAll(ids);
  }

  synchronized void hold(Collection<String> ids) {
    held.addAll(ids);
  }

  synchronized void letGo(Collection<String> ids) {
    held.removeAll(ids);
  }

  /** These, and no others, are somebody else's now. */
  synchronized void giveAway(Collection<String> ids) {
    givenAway.clear();
    givenAway.addAll(ids);
  }

  synchronized boolean isGivenAway(String id) {
    return givenAway.contains(id);
  }

  /** Waits for the writes of these that are under way. */
  synchronized void awaitQuiet(Collection<String> ids) throws InterruptedException {
    while (ids.stream().anyMatch(writing::containsKey)) {
      wait();
    }
  }
}
