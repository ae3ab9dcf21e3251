package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.http.Tls;
import dev.connectbridge.testing.Certificates;
import dev.connectbridge.testing.FreePorts;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent that answers those alone who have a certificate, all made by {@code consul tls}. */
class AgentTlsIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private static Path directory;
  private static int port;
  private static Certificates files;
  private static RealConsul consul;

  @BeforeAll
  static void start() throws IOException {
    port = FreePorts.pick(1).get(0);
    files = Certificates.in(directory);
    consul = RealConsul.start(RealConsul.Options.dev().with(files.agent(port)));
  }

  @AfterAll
  static void stop() {
    if (consul != null) {
      consul.close();
    }
  }

  @Test
  void everythingWorksWithTheFilesAsConsulMakesThem() throws AgentException {
    assertThat(files.key()).content().contains("BEGIN EC PRIVATE KEY");
    try (ConsulAgent agent = agent("127.0.0.1", files.tls())) {
      agent.register(Samples.connected("web"));
      assertThat(agent.observe().registrations())
          .containsExactly(Samples.connected("web").asHeld());
      assertThat(agent.facts().nodeName()).isEqualTo("n1");
      assertThat(agent.catalog().held("n1", List.of("web")).nodeKnown()).isTrue();
      AtomicInteger news = new AtomicInteger();
      agent.watch(Samples.connected("web").id(), news::incrementAndGet);
      agent.deregister(Samples.connected("web").id().sidecar());
      agent.deregister(Samples.connected("web").id().value());
      await().atMost(SOON).until(() -> news.get() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"server.dc1.consul", "localhost", "127.0.0.1"})
  void theNameOfTheServerIsWhatIsSaid(String name) throws AgentException {
    try (ConsulAgent agent = agent("localhost", named(Optional.of(name), true))) {
      assertThat(agent.facts().nodeName()).isEqualTo("n1");
    }
  }

  @Test
  void anotherNameIsRefusedUnlessNothingIsChecked() throws AgentException {
    Optional<String> other = Optional.of("consul.example.com");

    assertThat(refusal("127.0.0.1", named(other, true)))
        .hasMessageContaining("TLS")
        .hasMessageContaining("not verified");
    try (ConsulAgent agent = agent("127.0.0.1", named(other, false))) {
      assertThat(agent.facts().nodeName()).isEqualTo("n1");
    }
  }

  @Test
  void whoHasNoCertificateIsToldSo() {
    Tls nobody =
        new Tls(
            Optional.of(files.authority()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true);

    assertThat(refusal("127.0.0.1", nobody))
        .hasMessageContaining("TLS")
        .hasMessageContaining("a client certificate");
  }

  @Test
  void anAuthorityThatJavaDoesNotKnowIsRefused() {
    assertThat(refusal("127.0.0.1", Tls.DEFAULT))
        .hasMessageContaining("TLS")
        .hasMessageContaining("unable to find valid certification path");
  }

  @Test
  void plainHttpAtTheTlsPortIsNamed() {
    try (ConsulAgent agent =
        ConsulAgent.at(new HttpTransport(HttpTransport.Options.open("127.0.0.1:" + port)))) {
      assertThat(catchThrowableOfType(AgentException.class, agent::observe))
          .hasMessageContaining("Client sent an HTTP request to an HTTPS server");
    }
  }

  @Test
  void filesThatChangeAreReadAgain(@TempDir Path mine, @TempDir Path other) throws Exception {
    Certificates wrong = Certificates.in(other);
    Certificates ours = new Certificates(mine);
    copy(wrong, ours);
    try (ConsulAgent agent = agent("127.0.0.1", ours.tls())) {
      assertThat(catchThrowableOfType(AgentException.class, agent::facts).kind())
          .isEqualTo(Kind.UNREACHABLE);

      copy(files, ours);

      await().atMost(SOON).ignoreExceptions().until(() -> agent.facts().nodeName().equals("n1"));
      Files.writeString(ours.key(), "half a fi");
      agent.facts();
    }
  }

  private static void copy(Certificates from, Certificates to) throws IOException {
    for (Path file : List.of(from.authority(), from.certificate(), from.key())) {
      Files.copy(
          file, to.directory().resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Tls named(Optional<String> name, boolean verify) {
    Tls tls = files.tls();
    return new Tls(
        verify ? tls.authorities() : Optional.empty(), tls.certificate(), tls.key(), name, verify);
  }

  private static AgentException refusal(String host, Tls tls) {
    try (ConsulAgent agent = agent(host, tls)) {
      AgentException refusal = catchThrowableOfType(AgentException.class, agent::facts);
      assertThat(refusal.kind()).isEqualTo(Kind.UNREACHABLE);
      return refusal;
    }
  }

  private static ConsulAgent agent(String host, Tls tls) {
    return ConsulAgent.at(
        new HttpTransport(
            new HttpTransport.Options("https://" + host + ":" + port, Optional::empty, tls)));
  }
}
