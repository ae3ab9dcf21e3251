package dev.connectbridge.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.connectbridge.control.ControlClient;
import dev.connectbridge.control.ControlException;
import dev.connectbridge.control.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The distribution's daemon as a process of its own, which a test may end as it likes and start
 * again on the same directories.
 */
public final class DistDaemon implements AutoCloseable {
  private static final Path COMMAND =
      Path.of(System.getProperty("dist", "target/dist"), "bin", "connect-bridge");
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Path home;
  private final Path config;
  private Path command = COMMAND;
  private List<String> before = List.of();
  private Map<String, String> more = Map.of();
  private int starts;
  private Process process;

  private DistDaemon(Path home, Path config) {
    this.home = home;
    this.config = config;
  }

  /** Returns one that lives in a directory, with more configuration in YAML; nothing runs yet. */
  public static DistDaemon in(Path home, String yaml) {
    try {
      Files.createDirectories(home.resolve("specs"));
      String own = "data_dir: %1$s/data\nrun_dir: %1$s/run\nspecs: [%1$s/specs]\n".formatted(home);
      return new DistDaemon(home, Files.writeString(home.resolve("bridge.yaml"), own + yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns where its specs are. */
  public Path specs() {
    return home.resolve("specs");
  }

  /** Returns its data directory. */
  public Path data() {
    return home.resolve("data");
  }

  /** Has it be another copy of the distribution, put behind other words, with more environment. */
  public DistDaemon by(Path distribution, List<String> words, Map<String, String> environment) {
    command = distribution.resolve("bin/connect-bridge");
    before = words;
    more = environment;
    return this;
  }

  /** Starts it before an agent. */
  public DistDaemon start(String agent) {
    List<String> line = new ArrayList<>(before);
    line.addAll(List.of(command.toString(), "run", "--config", config.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectOutput(home.resolve("out").toFile())
            .redirectError(err(++starts).toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("CONSUL_HTTP_"));
    builder.environment().put("CONSUL_HTTP_ADDR", agent);
    builder.environment().putAll(more);
    try {
      process = builder.start();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that is stopped or not yet there answers nothing. */
  private String status() {
    try {
      return ControlClient.of(data())
          .ask(new Request.Status(), Optional.of(Duration.ofMillis(500)))
          .toString();
    } catch (ControlException e) {
      return e.getMessage();
    }
  }

  private Path err(int start) {
    return home.resolve("err" + start);
  }

  /** Returns what it has logged since it was last started. */
  public String log() {
    return text(err(starts));
  }

  /** Waits until it has logged something since it was last started. */
  public void awaitLog(String text) {
    Awaitility.await(text)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> log().contains(text) || !process.isAlive());
    if (!log().contains(text)) {
      throw new IllegalStateException("it has ended: " + log());
    }
  }

  /** Has no file of it grow, its log included: each write fails as too large. */
  public void limitFiles() {
    limit("0");
  }

  /** Lets its files grow again; what it started meanwhile stays limited. */
  public void unlimitFiles() {
    limit("unlimited");
  }

  private void limit(String bytes) {
    String pid = String.valueOf(process.pid());
    List<String> command = List.of("prlimit", "--pid", pid, "--fsize=" + bytes + ":");
    try {
      int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException(command + " ended with " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it by SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(SOON);
  }

  /** Ends it by SIGKILL after a time, if it has not ended by then. */
  public void killAfter(Duration time) {
    try {
      process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
  }

  /** Returns what its threads do now, and what it knows of its tasks. */
  public String insides() {
    try {
      new ProcessBuilder("kill", "-QUIT", String.valueOf(process.pid())).start().waitFor();
      process.waitFor(500, TimeUnit.MILLISECONDS);
      StringBuilder all = new StringBuilder(text(home.resolve("out")));
      try (DirectoryStream<Path> notes = Files.newDirectoryStream(data().resolve("exec"))) {
        for (Path note : notes) {
          all.append(note).append('\n').append(text(note));
        }
      }
      return all.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** Asks it to end, by SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** Waits until it has ended and returns its exit code. */
  public int awaitEnd(Duration most) {
    try {
      if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("it does not end: " + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Returns the numbers of the processes that bear the mark of a task of this data directory. */
  public Set<Long> tasks() {
    Set<Long> pids = new TreeSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path one : all) {
        if (environment(one).contains("CONNECT_BRIDGE_TASK=")
            && environment(one).contains(mark())) {
          pids.add(Long.parseLong(one.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pids;
  }

  private String mark() {
    return data().toString().replace("/", "%2F");
  }

  private static String environment(Path process) {
    try {
      return Files.readString(process.resolve("environ"), ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it, and every task of it that is left. What it produced is kept. */
  @Override
  public void close() {
    if (process != null) {
      String answered = process.isAlive() ? status() : "";
      process.destroyForcibly();
      awaitEnd(SOON);
      Produced.byDaemon(home, answered);
    }
    tasks().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    Awaitility.await("no task is left").atMost(SOON).until(() -> tasks().isEmpty());
  }
}
