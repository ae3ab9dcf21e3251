package dev.connectbridge.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts TLS over sockets as the files say at the moment: they are looked at for each connection, and
 * while they cannot be used, the last good ones are.
 */
final class TlsSockets extends SSLSocketFactory {
  private static final Logger log = LoggerFactory.getLogger(TlsSockets.class);

  private final Tls tls;
  private TlsContext current;
  private List<Object> seen;
  private String trouble = "";

  /** Reads the files. */
  TlsSockets(Tls tls) throws IOException {
    this.tls = tls;
    this.seen = stamps();
    this.current = TlsContext.of(tls);
  }

  OkHttpClient.Builder on(OkHttpClient.Builder builder) {
    HostnameVerifier strict = new OkHttpClient().hostnameVerifier();
    HostnameVerifier verifier =
        (host, session) -> !tls.verify() || strict.verify(tls.serverName().orElse(host), session);
    return builder.sslSocketFactory(this, current().trust()).hostnameVerifier(verifier);
  }

  private synchronized TlsContext current() {
    try {
      List<Object> now = stamps();
      if (!now.equals(seen)) {
        seen = now;
        current = TlsContext.of(tls);
        log.info("the files for TLS have changed, and were read again");
      }
      trouble = "";
    } catch (IOException e) {
      tell(String.valueOf(e.getMessage()));
    }
    return current;
  }

  /** Said once, and not for each connection. */
  private void tell(String now) {
    if (!now.equals(trouble)) {
      trouble = now;
      log.warn("{}; what was read before stays in use", now);
    }
  }

  private List<Object> stamps() throws IOException {
    List<Object> stamps = new ArrayList<>();
    for (Path file : tls.files()) {
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        stamps.add(List.of(file, now.lastModifiedTime(), now.size(), "" + now.fileKey()));
      } catch (IOException e) {
        throw new IOException(
            file + ": cannot be read: " + e.getClass().getSimpleName().replace("Exception", ""), e);
      }
    }
    return stamps;
  }

  private SSLSocketFactory factory() {
    return current().context().getSocketFactory();
  }

  /** What the server is asked for by name is what its certificate must be for. */
  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    return factory().createSocket(socket, tls.serverName().orElse(host), port, autoClose);
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return factory().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return factory().getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return factory().createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return factory().createSocket(host, port, local, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return factory().createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return factory().createSocket(host, port, local, localPort);
  }
}
