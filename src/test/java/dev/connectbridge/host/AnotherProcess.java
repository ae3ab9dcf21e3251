package dev.connectbridge.host;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Another process, which takes the lock of a data directory from whoever has it, by force. */
public final class AnotherProcess implements AutoCloseable {
  private final Process process;

  private AnotherProcess(Process process) {
    this.process = process;
  }

  /** Returns it once it has the lock, whose file it removes for that. */
  public static AnotherProcess robbing(Path dataDirectory) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes(OwnerLock.class) + File.pathSeparator + classes(AnotherProcess.class),
                AnotherProcess.class.getName(),
                dataDirectory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.getInputStream().read() != 'y') {
      throw new IOException("it could not take the lock");
    }
    return new AnotherProcess(process);
  }

  private static Path classes(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** Takes the lock, says so, and keeps it until its input ends. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Optional<OwnerLock> lock = OwnerLock.ofDirectory(directory);
    while (lock.isEmpty()) {
      Files.deleteIfExists(directory.resolve("lock"));
      lock = OwnerLock.ofDirectory(directory);
    }
    System.out.print('y');
    System.out.flush();
    while (System.in.read() >= 0) {
      // nothing is said to it
    }
    lock.get().close();
  }

  /** Ends it. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
