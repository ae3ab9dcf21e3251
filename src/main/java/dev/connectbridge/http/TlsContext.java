package dev.connectbridge.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What the files of {@link Tls} say at one time.
 *
 * @param context makes the sockets
 * @param trust who is trusted
 */
record TlsContext(SSLContext context, X509TrustManager trust) {

  /**
   * Reads the files.
   *
   * @throws IOException when one cannot be used: names the file, and nothing that is in it
   */
  static TlsContext of(Tls tls) throws IOException {
    try {
      X509TrustManager trust = tls.verify() ? trust(tls) : new Anybody();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(tls), new TrustManager[] {trust}, null);
      return new TlsContext(context, trust);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static X509TrustManager trust(Tls tls) throws GeneralSecurityException, IOException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(tls.authorities().isPresent() ? trusted(tls) : null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager trust) {
        return trust;
      }
    }
    throw new GeneralSecurityException("this Java has no trust manager");
  }

  private static KeyStore trusted(Tls tls) throws GeneralSecurityException, IOException {
    KeyStore store = store();
    int number = 0;
    for (Path file : tls.authorityFiles()) {
      for (X509Certificate certificate : certificates(file)) {
        store.setCertificateEntry("ca" + number++, certificate);
      }
    }
    if (number == 0) {
      throw new IOException(tls.authorities().orElseThrow() + ": no PEM certificate in it");
    }
    return store;
  }

  private static KeyManager[] keys(Tls tls) throws GeneralSecurityException, IOException {
    if (tls.certificate().isEmpty()) {
      return new KeyManager[0];
    }
    Path file = tls.certificate().get();
    List<X509Certificate> chain = certificates(file);
    if (chain.isEmpty()) {
      throw new IOException(file + ": no PEM certificate in it");
    }
    // The store is in memory alone; Java wants a password all the same.
    char[] password = UUID.randomUUID().toString().toCharArray();
    KeyStore store = store();
    store.setKeyEntry(
        "ours",
        key(tls.key().orElseThrow(), chain.get(0)),
        password,
        chain.toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  private static KeyStore store() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Pem block : blocks(file)) {
        if (block.label().equals("CERTIFICATE")) {
          certificates.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(block.der().toByteArray())));
        }
      }
      return certificates;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": its certificate cannot be read", e);
    }
  }

  private static PrivateKey key(Path file, X509Certificate certificate) throws IOException {
    String algorithm = certificate.getPublicKey().getAlgorithm();
    try {
      for (Pem block : blocks(file)) {
        if (block.label().contains("PRIVATE KEY")) {
          PrivateKey key = PemKey.of(block, algorithm);
          checkPair(key, certificate);
          return key;
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    throw new IOException(file + ": no PEM key in it");
  }

  /** Java would find out in the middle of a handshake, and say nothing of use. */
  private static void checkPair(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String with =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    byte[] anything = {1, 2, 3};
    boolean pair;
    try {
      Signature signing = Signature.getInstance(with);
      signing.initSign(key);
      signing.update(anything);
      Signature checking = Signature.getInstance(with);
      checking.initVerify(certificate.getPublicKey());
      checking.update(anything);
      pair = checking.verify(signing.sign());
    } catch (GeneralSecurityException e) {
      pair = false;
    }
    if (!pair) {
      throw new GeneralSecurityException("its key does not belong to the certificate");
    }
  }

  private static List<Pem> blocks(Path file) throws IOException {
    try {
      return Pem.in(Files.readString(file));
    } catch (IOException e) {
      throw new IOException(
          file + ": cannot be read: " + e.getClass().getSimpleName().replace("Exception", ""), e);
    }
  }

  /** For those who said that nothing is to be checked. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
