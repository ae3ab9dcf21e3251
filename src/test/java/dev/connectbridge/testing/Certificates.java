package dev.connectbridge.testing;

import dev.connectbridge.http.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The PEM files of one authority, as {@code consul tls} makes them.
 *
 * @param directory where they are
 */
public record Certificates(Path directory) {

  /** Makes an authority, a server's certificate and one for commands. */
  public static Certificates in(Path directory) {
    Certificates made = new Certificates(directory);
    made.consul("tls", "ca", "create");
    made.consul("tls", "cert", "create", "-server");
    made.consul("tls", "cert", "create", "-cli");
    return made;
  }

  private void consul(String... words) {
    List<String> command = new ArrayList<>(List.of(ConsulBinary.get().toString()));
    command.addAll(List.of(words));
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("failed: " + command);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Returns the configuration of an agent that answers those alone who have a certificate. */
  public String agent(int httpsPort) {
    return """
        ports { https = %d }
        verify_incoming = true
        ca_file = "%s"
        cert_file = "%s"
        key_file = "%s"
        """
        .formatted(
            httpsPort,
            authority(),
            directory.resolve("dc1-server-consul-0.pem"),
            directory.resolve("dc1-server-consul-0-key.pem"));
  }

  /** Returns the authority's certificate. */
  public Path authority() {
    return directory.resolve("consul-agent-ca.pem");
  }

  /** Returns the certificate for commands. */
  public Path certificate() {
    return directory.resolve("dc1-cli-consul-0.pem");
  }

  /** Returns its key. */
  public Path key() {
    return directory.resolve("dc1-cli-consul-0-key.pem");
  }

  /** Returns what a client is told. */
  public Tls tls() {
    return new Tls(
        Optional.of(authority()),
        Optional.of(certificate()),
        Optional.of(key()),
        Optional.empty(),
        true);
  }
}
