package dev.connectbridge.chaos;

import dev.connectbridge.testing.Required;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;

/** A file system of a few megabytes that can be full; it takes the right to mount. */
final class SmallDisk implements AutoCloseable {
  private static final byte[] BLOCK = new byte[4096];

  private final Path root;

  private SmallDisk(Path root) {
    this.root = root;
  }

  /**
   * Returns one mounted at a directory that it makes; empty where that is not allowed, unless
   * CONNECT_BRIDGE_REQUIRE names mount.
   */
  static Optional<SmallDisk> at(Path root) throws IOException {
    Files.createDirectories(root);
    boolean mounted = runs("mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", root);
    if (!mounted && Required.names("mount")) {
      Assertions.fail("nobody may mount a file system at " + root);
    }
    return mounted ? Optional.of(new SmallDisk(root)) : Optional.empty();
  }

  /** Leaves no room for a byte. */
  void fill() throws IOException {
    try (OutputStream ballast = Files.newOutputStream(ballast())) {
      while (true) {
        ballast.write(BLOCK);
      }
    } catch (IOException full) {
      if (Files.size(ballast()) == 0) {
        throw full;
      }
    }
  }

  void empty() throws IOException {
    Files.deleteIfExists(ballast());
  }

  private Path ballast() {
    return root.resolve("ballast");
  }

  private static boolean runs(Object... words) throws IOException {
    String[] command = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    try {
      runs("umount", "--lazy", root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
