package dev.connectbridge.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** A directory of specs in which somebody works. Each file has one group with one proxy. */
final class Specs {
  private static final int FILES = 10;
  private static final int MOST_MISSING = 3;

  private final Path directory;
  private final Random random;
  private final SortedMap<String, Integer> versions = new TreeMap<>();
  private int written;

  Specs(Path directory, Random random) {
    this.directory = directory;
    this.random = random;
  }

  /** Returns the version of each service that is wanted. */
  SortedMap<String, Integer> wanted() {
    return new TreeMap<>(versions);
  }

  int written() {
    return written;
  }

  void writeAll() throws IOException {
    for (int number = 0; number < FILES; number++) {
      write(number);
    }
  }

  /** Changes a file, or removes one, or breaks one for a moment. */
  void churn() throws IOException {
    int number = random.nextInt(FILES);
    if (random.nextInt(8) == 0 && FILES - versions.size() < MOST_MISSING) {
      Files.deleteIfExists(file(number));
      versions.remove(name(number));
      written++;
    } else {
      if (random.nextInt(6) == 0) {
        Files.writeString(file(number), "job \"chaos");
      }
      write(number);
    }
  }

  private void write(int number) throws IOException {
    int version = versions.getOrDefault(name(number), 0) + 1 + random.nextInt(3);
    Files.writeString(file(number), job(number, version));
    versions.put(name(number), version);
    written++;
  }

  /** Returns a service that is wanted now. */
  Optional<String> one() {
    return versions.keySet().stream().skip(random.nextInt(versions.size())).findFirst();
  }

  private Path file(int number) {
    return directory.resolve(name(number) + ".nomad.hcl");
  }

  private static String name(int number) {
    return "chaos-" + number;
  }

  private static String job(int number, int version) {
    return """
        job "chaos-%1$d" {
          group "g" {
            network {
              mode = "bridge"
            }
            service {
              name = "chaos-%1$d"
              tags = ["v%2$d"]
              port = "%3$d"
              connect {
                sidecar_service {}
                sidecar_task {
                  driver         = "raw_exec"
                  kill_signal    = "SIGTERM"
                  shutdown_delay = "0s"
                  config {
                    command = "sleep"
                    args    = ["1000"]
                  }
                }
              }
            }
          }
        }
        """
        .formatted(number, version, 9100 + number);
  }
}
