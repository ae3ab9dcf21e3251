package dev.connectbridge.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first spec that a command reads, 0.9 MB of it, before anything was compiled for speed. */
@Tag("bench")
class FirstParseBenchIT {
  private static final int LENGTH = 900_000;
  private static final String GROUP =
      """
        group "g%1$d" {
          network {
            mode = "bridge"
          }
          service {
            name = "s%1$d"
            port = "8080"
            tags = ["a", "b"]
            connect {
              sidecar_service {
                proxy {
                  upstreams {
                    destination_name = "other"
                    local_bind_port  = 8080
                  }
                }
              }
            }
          }
        }
      """;

  @TempDir private Path directory;

  @Test
  void theFirstParseOfAFreshVirtualMachine() throws Exception {
    int rounds = Integer.getInteger("bench.rounds", 1) == 1 ? 1 : 9;
    StringBuilder text = new StringBuilder("job \"big\" {\n");
    int groups = 0;
    while (text.length() < LENGTH) {
      text.append(GROUP.formatted(groups++));
    }
    Path file = Files.writeString(directory.resolve("big.nomad.hcl"), text + "}\n", UTF_8);

    double[] millis = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      String[] told = told(file).split(" ", -1);
      millis[round] = Double.parseDouble(told[0]);
      assertThat(told[1]).isEqualTo(String.valueOf(groups));
    }

    Arrays.sort(millis);
    System.out.printf(
        "bench: first parse of %d characters: median %.0f ms (min %.0f, max %.0f)%n",
        text.length(), millis[rounds / 2], millis[0], millis[rounds - 1]);
  }

  private static String told(Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                FirstParse.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String told = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return told;
  }
}
