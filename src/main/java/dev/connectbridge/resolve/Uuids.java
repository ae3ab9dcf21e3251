package dev.connectbridge.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/** Name-based identifiers. */
final class Uuids {
  /** The namespace that the identifiers of plain specs live in; any other would do as well. */
  private static final UUID NAMESPACE = UUID.fromString("6f0c2a5e-3b7d-5c1a-9e42-8d51c7a0b3f4");

  private Uuids() {}

  /** Returns the UUIDv5 (RFC 9562) of a name. */
  static String version5(String name) {
    ByteBuffer named = ByteBuffer.allocate(16 + name.getBytes(UTF_8).length);
    named.putLong(NAMESPACE.getMostSignificantBits()).putLong(NAMESPACE.getLeastSignificantBits());
    named.put(name.getBytes(UTF_8));
    ByteBuffer digest = ByteBuffer.wrap(digest("SHA-1", named.array()), 0, 16);
    long high = (digest.getLong() & ~0xf000L) | 0x5000L;
    long low = (digest.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  /** Returns the SHA-256 of a text in hex digits. */
  static String sha256(String text) {
    return HexFormat.of().formatHex(digest("SHA-256", text.getBytes(UTF_8)));
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
