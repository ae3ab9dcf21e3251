package dev.connectbridge.hcl;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.hcl.Functions.Table;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;

/** The functions that make a fingerprint of a text. */
final class HashFunctions {
  private static final Map<String, String> NAMESPACES =
      Map.of(
          "dns", "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
          "url", "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
          "oid", "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
          "x500", "6ba7b814-9dad-11d1-80b4-00c04fd430c8");

  private HashFunctions() {}

  static void add(Table table) {
    table
        .add("md5", 1, call -> hex(call, "MD5"))
        .add("sha1", 1, call -> hex(call, "SHA-1"))
        .add("sha256", 1, call -> hex(call, "SHA-256"))
        .add("sha512", 1, call -> hex(call, "SHA-512"))
        .add("uuidv5", 2, HashFunctions::uuid);
  }

  private static Node hex(Arguments call, String algorithm) {
    byte[] hash = hash(algorithm, call.text(0).getBytes(UTF_8));
    return call.answer(HexFormat.of().formatHex(hash));
  }

  private static byte[] hash(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }

  private static Node uuid(Arguments call) {
    String written = call.text(0);
    UUID namespace;
    try {
      namespace = UUID.fromString(NAMESPACES.getOrDefault(written, written));
    } catch (IllegalArgumentException e) {
      throw call.fault(0, "expected dns, url, oid, x500 or a UUID");
    }
    byte[] name = call.text(1).getBytes(UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(16 + name.length);
    buffer.putLong(namespace.getMostSignificantBits());
    buffer.putLong(namespace.getLeastSignificantBits());
    byte[] hash = Arrays.copyOf(hash("SHA-1", buffer.put(name).array()), 16);
    hash[6] = (byte) ((hash[6] & 0x0f) | 0x50);
    hash[8] = (byte) ((hash[8] & 0x3f) | 0x80);
    ByteBuffer made = ByteBuffer.wrap(hash);
    return call.answer(new UUID(made.getLong(), made.getLong()).toString());
  }
}
