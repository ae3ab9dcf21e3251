package dev.connectbridge.source;

import dev.connectbridge.resolve.Snapshot;

/**
 * Where groups come from. Level, not edge: {@link #read} returns the whole truth, {@link #onChange}
 * only says that it is worth reading again; a signal that is lost or doubled does no harm.
 *
 * <p>A bridge calls {@link #read} from one thread at a time, at every pass (each change, and every
 * 30 seconds unless said otherwise), so it should take milliseconds; {@link #close} may come from
 * another thread, and twice.
 */
public interface Source extends AutoCloseable {

  /**
   * Returns everything that there is now. Throws nothing: what cannot be read is a problem of its
   * file, which freezes what came from there, or makes the whole incomplete, so that nothing is
   * removed.
   */
  Snapshot read();

  /**
   * Calls {@code changed} whenever there may be something new, from any thread, until the source is
   * closed. {@code changed} returns at once and throws nothing. Sources that cannot tell are read
   * at every resync all the same.
   */
  default void onChange(Runnable changed) {}

  /** Stops watching; a second close does nothing. */
  @Override
  default void close() {}
}
