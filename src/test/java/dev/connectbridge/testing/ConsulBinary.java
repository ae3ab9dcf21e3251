package dev.connectbridge.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The consul command: CONSUL_BIN, else the PATH's, else one that the project's script fetches. */
public final class ConsulBinary {
  private static final Path FETCHED = Path.of("target", "consul");
  private static String missing = "";
  private static Optional<Path> found = Optional.empty();

  private ConsulBinary() {}

  /** Returns the command; without one the test is skipped, or fails where Consul is required. */
  public static synchronized Path get() {
    if (found.isEmpty() && missing.isEmpty()) {
      found = look();
    }
    if (found.isPresent()) {
      return found.get();
    }
    String message = "no Consul to test with: " + missing;
    if (Required.names("consul")) {
      Assertions.fail(message);
    }
    Assumptions.abort(message);
    throw new IllegalStateException(message);
  }

  private static Optional<Path> look() {
    Optional<String> named =
        Optional.ofNullable(System.getenv("CONSUL_BIN")).filter(name -> !name.isBlank());
    if (named.isPresent()) {
      Path path = Path.of(named.get());
      if (Files.isExecutable(path)) {
        return Optional.of(path);
      }
      missing = "CONSUL_BIN names " + path + ", which cannot be executed";
      return Optional.empty();
    }
    return onThePath().or(ConsulBinary::fetched);
  }

  private static Optional<Path> onThePath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(File.pathSeparator))
        .map(directory -> Path.of(directory, "consul"))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Optional<Path> fetched() {
    try {
      Path log = Files.createTempFile("get-consul", ".log");
      Process script =
          new ProcessBuilder("sh", "src/scripts/get-consul.sh", FETCHED.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      boolean ended = script.waitFor(3, TimeUnit.MINUTES);
      String said = Files.readString(log).strip();
      Files.delete(log);
      if (ended && script.exitValue() == 0) {
        return Optional.of(FETCHED.resolve("consul").toAbsolutePath());
      }
      script.destroy();
      missing = ended ? said : "get-consul.sh did not end within 3 minutes";
    } catch (IOException e) {
      missing = e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      missing = "interrupted";
    }
    return Optional.empty();
  }
}
