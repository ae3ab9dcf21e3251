package dev.connectbridge.http;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;

/**
 * A private key as PEM files have it. Java reads PKCS #8 alone; Consul writes SEC 1, and others
 * PKCS #1, which become PKCS #8 with a few bytes round them.
 */
final class PemKey {
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int OBJECT_ID = 0x06;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xa0;

  private static final byte[] VERSION_0 = {INTEGER, 1, 0};
  private static final byte[] NULL = {5, 0};

  /** 1.2.840.113549.1.1.1 */
  private static final byte[] RSA = {
    OBJECT_ID, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1
  };

  /** 1.2.840.10045.2.1 */
  private static final byte[] EC = {OBJECT_ID, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private PemKey() {}

  /**
   * Returns the key of a block.
   *
   * @param algorithm what the certificate says the key is for
   * @throws GeneralSecurityException when it is none; says nothing of what is in it
   */
  static PrivateKey of(Pem block, String algorithm) throws GeneralSecurityException {
    byte[] der = block.der().toByteArray();
    try {
      return switch (block.label()) {
        case "PRIVATE KEY" -> key(algorithm, der);
        case "EC PRIVATE KEY" -> key("EC", pkcs8(der, EC, curve(der)));
        case "RSA PRIVATE KEY" -> key("RSA", pkcs8(der, RSA, NULL));
        default -> throw new GeneralSecurityException(block.label());
      };
    } catch (GeneralSecurityException | BufferUnderflowException e) {
      throw new GeneralSecurityException(
          block.label().contains("ENCRYPTED")
              ? "its key has a passphrase, which nobody could be asked for"
              : "its key cannot be read");
    }
  }

  private static PrivateKey key(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  private static byte[] pkcs8(byte[] key, byte[] algorithm, byte[] parameters) {
    byte[] kind = value(SEQUENCE, algorithm, parameters);
    return value(SEQUENCE, VERSION_0, kind, value(OCTETS, key));
  }

  /** Returns the curve's name, which SEC 1 has inside of the key and PKCS #8 outside. */
  private static byte[] curve(byte[] sec1) throws GeneralSecurityException {
    ByteBuffer key = content(ByteBuffer.wrap(sec1), SEQUENCE);
    content(key, INTEGER);
    content(key, OCTETS);
    ByteBuffer curve = content(key, PARAMETERS);
    byte[] name = new byte[curve.remaining()];
    curve.get(name);
    return name;
  }

  /** Returns what is inside the next value, which is then behind. */
  private static ByteBuffer content(ByteBuffer from, int tag) throws GeneralSecurityException {
    if ((from.get() & 0xff) != tag) {
      throw new GeneralSecurityException();
    }
    int length = from.get() & 0xff;
    if (length > 0x80) {
      int bytes = length - 0x80;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = (length << 8) | (from.get() & 0xff);
      }
    }
    if (length < 0 || length > from.remaining()) {
      throw new GeneralSecurityException();
    }
    ByteBuffer content = from.slice(from.position(), length);
    from.position(from.position() + length);
    return content;
  }

  private static byte[] value(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.write(tag);
    int length = content.size();
    if (length >= 0x80) {
      int bytes = length > 0xffff ? 3 : length > 0xff ? 2 : 1;
      value.write(0x80 + bytes);
      for (int shift = 8 * (bytes - 1); shift > 0; shift -= 8) {
        value.write(length >> shift);
      }
    }
    value.write(length);
    value.writeBytes(content.toByteArray());
    return value.toByteArray();
  }
}
