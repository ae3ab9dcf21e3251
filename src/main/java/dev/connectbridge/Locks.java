package dev.connectbridge;

import dev.connectbridge.host.OwnerLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a started bridge has for itself alone: its owner at an agent, and its data directory. */
final class Locks implements AutoCloseable {
  private final List<OwnerLock> held = new ArrayList<>();

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

  @Override
  public void close() {
    held.forEach(OwnerLock::close);
    held.clear();
  }
}
