package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.testing.Certificates;
import dev.connectbridge.testing.ConsulBinary;
import dev.connectbridge.testing.FreePorts;
import dev.connectbridge.testing.RealConsul;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a proxy is told is enough for the consul command, and for nobody else to read. */
class ConsulAccessIT {
  private static final String MASTER = "11111111-2222-3333-4444-555555555555";

  @TempDir private Path directory;

  @Test
  void theConsulCommandFindsAnAgentThatAsksForACertificateAndAToken() throws Exception {
    int port = FreePorts.pick(1).get(0);
    Path files = Files.createDirectory(directory.resolve("files"));
    Path secrets = Files.createDirectory(directory.resolve("secrets"));
    Certificates certificates = Certificates.in(files);
    try (RealConsul consul =
        RealConsul.start(
            RealConsul.Options.dev().withAcls(MASTER).with(certificates.agent(port)))) {
      ConsulAccess access =
          new ConsulAccess(
              "https://127.0.0.1:" + port,
              () -> Optional.of(MASTER),
              certificates.tls(),
              consul.binary().toString());

      SortedMap<String, String> variables = access.variables(secrets, secrets);

      assertThat(variables.toString()).doesNotContain(MASTER);
      await().until(() -> output(variables, "catalog", "services").contains("consul"));
      try (Stream<Path> all = Files.list(secrets)) {
        assertThat(all.map(ConsulAccessIT::permissions)).hasSize(4).containsOnly("rw-------");
      }
      access.withhold(secrets);
      assertThat(secrets).isEmptyDirectory();
    }
  }

  private static String permissions(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String output(Map<String, String> variables, String... words) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of(ConsulBinary.get().toString()), Stream.of(words)).toList());
    builder.environment().putAll(variables);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
