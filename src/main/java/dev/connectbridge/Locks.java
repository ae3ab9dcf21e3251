package dev.connectbridge;

import dev.connectbridge.host.OwnerLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a started bridge has for itself alone: its owner at an agent, and its data directory. */
final class Locks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Locks.class);

  private final List<OwnerLock> held = new ArrayList<>();
  private String trouble = "";

  private Locks() {}

  /** Returns whether a started bridge of this owner and agent runs on this machine. */
  static boolean areHeld(Parts parts) {
    return OwnerLock.isHeld(parts.runDirectory(), parts.owner(), parts.agentName());
  }

  /**
   * Takes both, or neither; empty when another bridge of this owner runs for this agent.
   *
   * @throws IllegalStateException when another bridge has the data directory
   * @throws UncheckedIOException when no directory for the lock can be written
   */
  static Optional<Locks> take(Parts parts) {
    Locks locks = new Locks();
    try {
      return locks.takeAll(parts) ? Optional.of(locks) : Optional.empty();
    } catch (IOException e) {
      locks.close();
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (IllegalStateException e) {
      locks.close();
      throw e;
    }
  }

  private boolean takeAll(Parts parts) throws IOException {
    Optional<OwnerLock> owners =
        OwnerLock.take(parts.runDirectory(), parts.owner(), parts.agentName());
    if (owners.isEmpty()) {
      return false;
    }
    held.add(owners.get());
    if (parts.dataDirectory().isPresent()) {
      held.add(
          OwnerLock.ofDirectory(parts.dataDirectory().get())
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          "the data directory %s is in use by another bridge; each needs its own"
                              .formatted(parts.dataDirectory().get()))));
    }
    return true;
  }

  /**
   * Sees to it that whoever comes finds them taken, also where somebody has removed their files.
   * Returns false when another bridge came first. What cannot be seen now is ours as it was.
   */
  synchronized boolean keep() {
    boolean ours = true;
    String now = "";
    for (OwnerLock lock : held) {
      try {
        ours &= lock.keep();
      } catch (IOException e) {
        now = String.valueOf(e.getMessage());
      }
    }
    if (!now.equals(trouble)) {
      trouble = now;
      log.warn("{}", now.isEmpty() ? "the locks can be looked at again" : told(now));
    }
    return ours;
  }

  private static String told(String trouble) {
    return "another bridge would not find the lock of this one taken: " + trouble;
  }

  @Override
  public synchronized void close() {
    held.forEach(OwnerLock::close);
    held.clear();
  }
}
