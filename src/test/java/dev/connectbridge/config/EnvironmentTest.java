package dev.connectbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.http.Tls;
import dev.connectbridge.parse.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {
  @TempDir private Path temp;

  /** As consul 1.8.7 does it: a scheme of http does not hold against CONSUL_HTTP_SSL. */
  @ParameterizedTest
  @CsvSource({
    "consul:8501, true, https://consul:8501",
    "consul:8501, 1, https://consul:8501",
    "consul:8501, false, consul:8501",
    "consul:8501, '', consul:8501",
    "http://consul:8501, true, https://consul:8501",
    "https://consul:8501, false, https://consul:8501",
    "unix:///consul.sock, true, unix:///consul.sock",
  })
  void sslSaysTheScheme(String address, String ssl, String agent) {
    Map<String, String> variables = Map.of("CONSUL_HTTP_ADDR", address, "CONSUL_HTTP_SSL", ssl);

    assertThat(new Environment(variables, new Report()).agent("other:1")).isEqualTo(agent);
  }

  @Test
  void sslHoldsForAnAddressOfTheFileToo() {
    Environment environment = new Environment(Map.of("CONSUL_HTTP_SSL", "true"), new Report());

    assertThat(environment.agent("file:8501")).isEqualTo("https://file:8501");
  }

  @Test
  void anSslThatSaysNothingIsWorthAWarning() {
    Report report = new Report();

    String agent = new Environment(Map.of("CONSUL_HTTP_SSL", "yes"), report).agent("file:8501");

    assertThat(agent).isEqualTo("file:8501");
    assertThat(report.problems()).isEmpty();
    assertThat(report.warnings())
        .extracting(Object::toString)
        .containsExactly("neither true nor false, so it says nothing (CONSUL_HTTP_SSL)");
  }

  @Test
  void tlsIsSaidAsToTheConsulCommand() {
    Map<String, String> variables =
        Map.of(
            "CONSUL_CACERT", "ca.pem",
            "CONSUL_CAPATH", "authorities",
            "CONSUL_CLIENT_CERT", "cli.pem",
            "CONSUL_CLIENT_KEY", "key.pem",
            "CONSUL_TLS_SERVER_NAME", "server.dc1.consul",
            "CONSUL_HTTP_SSL_VERIFY", "false");

    assertThat(tls(variables))
        .isEqualTo(
            new Tls(
                Optional.of(Path.of("ca.pem")),
                Optional.of(Path.of("cli.pem")),
                Optional.of(Path.of("key.pem")),
                Optional.of("server.dc1.consul"),
                false));
    assertThat(tls(Map.of("CONSUL_CAPATH", "authorities")).authorities())
        .contains(Path.of("authorities"));
    assertThat(tls(Map.of())).isEqualTo(Tls.DEFAULT);
  }

  @Test
  void halfACertificateIsAProblem() {
    Report report = new Report();

    Tls tls =
        new Environment(Map.of("CONSUL_CLIENT_CERT", "cli.pem"), report)
            .tls(TlsWords.in(Optional.empty()))
            .tls(report);

    assertThat(tls).isEqualTo(Tls.DEFAULT);
    assertThat(report.problems()).hasSize(1);
  }

  private static Tls tls(Map<String, String> variables) {
    Report report = new Report();
    Tls tls = new Environment(variables, report).tls(TlsWords.in(Optional.empty())).tls(report);
    assertThat(report.problems()).isEmpty();
    assertThat(report.warnings()).isEmpty();
    return tls;
  }

  @Test
  void aTokenInAFileWinsAndAnEmptyFileLeavesItToTheOther() throws IOException {
    Path file = Files.writeString(temp.resolve("token"), " from-file \n");
    Path empty = Files.writeString(temp.resolve("empty"), "\n");

    assertThat(token(Map.of("CONSUL_HTTP_TOKEN", "t", "CONSUL_HTTP_TOKEN_FILE", file.toString())))
        .isEqualTo("from-file");
    assertThat(token(Map.of("CONSUL_HTTP_TOKEN", "t", "CONSUL_HTTP_TOKEN_FILE", empty.toString())))
        .isEqualTo("t");
    assertThat(token(Map.of("CONSUL_HTTP_TOKEN", "t", "CONSUL_HTTP_TOKEN_FILE", "")))
        .isEqualTo("t");
    assertThat(token(Map.of())).isEqualTo("none");
  }

  private static String token(Map<String, String> variables) {
    Token token = new Environment(variables, new Report()).token(Token.NONE);
    assertThat(token.problem()).isEmpty();
    return token.get().orElse("none");
  }
}
