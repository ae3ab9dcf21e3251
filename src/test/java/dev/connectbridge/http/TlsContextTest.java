package dev.connectbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsContextTest {
  /** Of the sequence, the version, the algorithm, and of the octets that the key is in. */
  private static final int BEFORE_PKCS1 = 4 + 3 + 15 + 4;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "secp256r1, 06082a8648ce3d030107",
    "secp384r1, 06052b81040022",
    "secp521r1, 06052b81040023"
  })
  void aSec1KeyIsTheSameKey(String curve, String name) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    ECPrivateKey key = (ECPrivateKey) generator.generateKeyPair().getPrivate();
    byte[] version = {2, 1, 1};
    byte[] parameters = value(0xa0, HexFormat.of().parseHex(name));
    byte[] sec1 = value(0x30, version, value(4, key.getS().toByteArray()), parameters);

    PrivateKey read = PemKey.of(Pem.in(pem("EC PRIVATE KEY", sec1)).get(0), "EC");

    assertThat(((ECPrivateKey) read).getS()).isEqualTo(key.getS());
    assertThat(((ECPrivateKey) read).getParams().getCurve()).isEqualTo(key.getParams().getCurve());
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 2048})
  void aPkcs1KeyIsTheSameKey(int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    byte[] pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, BEFORE_PKCS1, pkcs8.length);

    PrivateKey read = PemKey.of(Pem.in(pem("RSA PRIVATE KEY", pkcs1)).get(0), "RSA");

    assertThat(read.getEncoded()).isEqualTo(pkcs8);
  }

  @ParameterizedTest
  @CsvSource({
    "ENCRYPTED PRIVATE KEY, AAAA, passphrase",
    "EC PRIVATE KEY, 'Proc-Type: 4,ENCRYPTED\nAAAA', passphrase",
    "PRIVATE KEY, AAAA, cannot be read",
    "EC PRIVATE KEY, MAMCAQE=, cannot be read",
    "EC PRIVATE KEY, '', cannot be read",
    "EC PRIVATE KEY, MIT/////, cannot be read",
    "RSA PRIVATE KEY, MAMCAQE=, cannot be read",
  })
  void whatIsNoKeyIsSaidToBeNone(String label, String body, String why) {
    String text = "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";

    assertThatThrownBy(() -> PemKey.of(Pem.in(text).get(0), "EC"))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aFileIsNamedAndNotQuoted() throws IOException {
    Path certificate = Files.writeString(directory.resolve("cert.pem"), "s3cret-text");
    Path key = Files.writeString(directory.resolve("key.pem"), "s3cret-text");

    assertThatThrownBy(() -> TlsContext.of(tls(Optional.of(certificate), certificate, key)))
        .hasMessage(certificate + ": no PEM certificate in it");
    assertThatThrownBy(() -> TlsContext.of(tls(Optional.empty(), certificate, key)))
        .hasMessage(certificate + ": no PEM certificate in it");
    assertThatThrownBy(
            () -> TlsContext.of(tls(Optional.of(directory.resolve("none")), certificate, key)))
        .hasMessage(directory.resolve("none") + ": cannot be read: NoSuchFile");
  }

  @Test
  void aCertificateWithoutItsKeyIsRefused() {
    assertThatThrownBy(
            () ->
                new Tls(
                    Optional.empty(),
                    Optional.of(directory),
                    Optional.empty(),
                    Optional.empty(),
                    true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Tls tls(Optional<Path> authorities, Path certificate, Path key) {
    return new Tls(authorities, Optional.of(certificate), Optional.of(key), Optional.empty(), true);
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
  }

  private static byte[] value(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    byte[] head = {(byte) tag, (byte) content.size()};
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.writeBytes(head);
    value.writeBytes(content.toByteArray());
    return value.toByteArray();
  }
}
