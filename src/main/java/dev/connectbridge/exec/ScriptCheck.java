package dev.connectbridge.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.sidecar.TaskDriver.Ran;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A command that is run beside a task, within a limit. */
final class ScriptCheck {
  /** What tells the processes of one run from the task's own, whose mark they carry as well. */
  static final String VARIABLE = "CONNECT_BRIDGE_CHECK";

  private static final int MOST_OUTPUT = 4096;
  private static final int LAST_WORDS_MILLIS = 200;
  private static final int TOO_LONG = -1;

  private final Family family;

  ScriptCheck(Family family) {
    this.family = family;
  }

  Ran run(Launch launch, Duration limit) throws IOException {
    String run = UUID.randomUUID().toString();
    ProcessBuilder builder = launch.builder().redirectErrorStream(true);
    builder.environment().put(VARIABLE, run);
    Process process = builder.start();
    Note.Leader leader = family.leader(process.pid());
    Output output = new Output(process.getInputStream());
    boolean inTime = false;
    try {
      inTime = process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      if (!inTime) {
        family.end(leader, VARIABLE, run);
      }
    }
    return new Ran(inTime ? process.exitValue() : TOO_LONG, output.text());
  }

  /** Reads all there is, so that the command never waits, and keeps the beginning. */
  private static final class Output {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final CompletableFuture<Void> read = new CompletableFuture<>();
    private final InputStream stream;

    Output(InputStream stream) {
      this.stream = stream;
      Thread reader = new Thread(this::read, "raw-exec-check");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      byte[] part = new byte[MOST_OUTPUT];
      try {
        for (int length = stream.read(part); length >= 0; length = stream.read(part)) {
          synchronized (kept) {
            kept.write(part, 0, Math.min(length, MOST_OUTPUT - kept.size()));
          }
        }
      } catch (IOException e) {
        // closed under us: somebody it started still holds the other end
      } finally {
        read.complete(null);
      }
    }

    String text() throws IOException {
      try {
        read.get(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        stream.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      synchronized (kept) {
        return kept.toString(UTF_8);
      }
    }
  }
}
