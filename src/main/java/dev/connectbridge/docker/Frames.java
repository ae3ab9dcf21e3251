package dev.connectbridge.docker;

import java.io.EOFException;
import java.io.IOException;
import okio.BufferedSource;
import okio.ByteString;

/**
 * What a container writes, as the engine sends it: pieces of two streams, each behind a head that
 * says which one and how long.
 */
final class Frames {
  /** An engine reads lines of 16 kB; nothing that is one sends a piece of this size. */
  private static final long LONGEST = 16L << 20;

  private final BufferedSource source;

  Frames(BufferedSource source) {
    this.source = source;
  }

  /** Calls {@code each} until the stream ends; one that ends in a piece ends before that piece. */
  void forEach(Each each) throws IOException {
    while (!source.exhausted()) {
      try {
        source.require(8);
      } catch (EOFException e) {
        return;
      }
      boolean isError = source.readByte() == 2;
      source.skip(3);
      long length = Integer.toUnsignedLong(source.readInt());
      if (length > LONGEST) {
        throw new IOException("what the engine sends is not what containers wrote");
      }
      if (!source.request(length)) {
        return;
      }
      each.frame(isError, source.readByteString(length));
      if (source.getBuffer().size() == 0) {
        each.pause();
      }
    }
  }

  /** Is told of what arrives. */
  interface Each {

    /** A piece of the standard output or of the standard error. */
    void frame(boolean isError, ByteString bytes) throws IOException;

    /** All that has arrived was told. */
    default void pause() throws IOException {}
  }
}
