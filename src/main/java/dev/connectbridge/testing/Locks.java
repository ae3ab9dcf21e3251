package dev.connectbridge.testing;

import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** What the servers hold of sessions and keys; they share the count of changes. */
final class Locks {
  private final Random chance;
  private final SortedMap<String, Session> sessions = new TreeMap<>();
  private final SortedMap<String, Key> keys = new TreeMap<>();
  private long index = 1;

  Locks(Random chance) {
    this.chance = chance;
  }

  /** A session without a time to live. */
  record Session(String node, String name, long created) {}

  /** A key; {@code times} is how often its lock was taken by another session. */
  record Key(String value, Optional<String> session, long times, long created, long modified) {}

  long index() {
    return index;
  }

  /** Returns the number of the last change of a key; of one that is not there, of all. */
  long indexOf(String key) {
    return key(key).map(Key::modified).orElse(index);
  }

  Optional<Session> session(String id) {
    return Optional.ofNullable(sessions.get(id));
  }

  Optional<Key> key(String key) {
    return Optional.ofNullable(keys.get(key));
  }

  String open(String node, String name) {
    String id = new UUID(chance.nextLong(), chance.nextLong()).toString();
    sessions.put(id, new Session(node, name, ++index));
    return id;
  }

  /** What it had the lock of may be taken by others now. */
  void close(String id) {
    sessions.remove(id);
    keys.replaceAll(
        (name, key) ->
            key.session.equals(Optional.of(id))
                ? new Key(key.value, Optional.empty(), key.times, key.created, ++index)
                : key);
  }

  /** The node has failed, or is no longer known. */
  void fail(String node) {
    java.util.List.copyOf(sessions.keySet()).stream()
        .filter(id -> sessions.get(id).node.equals(node))
        .forEach(this::close);
  }

  boolean acquire(String name, String session, String value) {
    Key key = keys.get(name);
    if (key != null && key.session.filter(holder -> !holder.equals(session)).isPresent()) {
      return false;
    }
    boolean again = key != null && key.session.isPresent();
    if (again && key.value.equals(value)) {
      return true;
    }
    long times = key == null ? 1 : again ? key.times : key.times + 1;
    write(name, value, Optional.of(session), times);
    return true;
  }

  boolean release(String name, String session, String value) {
    Key key = keys.get(name);
    if (key == null || !key.session.equals(Optional.of(session))) {
      return false;
    }
    write(name, value, Optional.empty(), key.times);
    return true;
  }

  void put(String name, String value) {
    Key key = keys.get(name);
    write(name, value, key == null ? Optional.empty() : key.session, key == null ? 0 : key.times);
  }

  private void write(String name, String value, Optional<String> session, long times) {
    Key key = keys.get(name);
    index++;
    keys.put(name, new Key(value, session, times, key == null ? index : key.created, index));
  }

  void delete(String name) {
    if (keys.remove(name) != null) {
      index++;
    }
  }

  /** The servers have lost all. */
  void clear() {
    sessions.clear();
    keys.clear();
    index = 1;
  }
}
