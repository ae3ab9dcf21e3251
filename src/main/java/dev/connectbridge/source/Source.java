package dev.connectbridge.source;

import dev.connectbridge.resolve.Snapshot;

/**
 * Where groups come from. Level, not edge: {@link #read} returns the whole truth, {@link #onChange}
 * only says that it is worth reading again; a signal that is lost or doubled does no harm.
 */
public interface Source extends AutoCloseable {

  /**
   * Returns everything that there is now; what cannot be read makes it incomplete, or a problem.
   */
  Snapshot read();

  /** Calls {@code changed}, from any thread, when there may be something new. */
  default void onChange(Runnable changed) {}

  /** Stops watching. */
  @Override
  default void close() {}
}
