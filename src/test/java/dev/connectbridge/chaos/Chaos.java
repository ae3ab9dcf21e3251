package dev.connectbridge.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.DistDaemon;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A real agent, a real daemon, somebody who edits, and faults between them; all from one seed. */
final class Chaos implements AutoCloseable {
  private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(60);

  private final Random random;
  private final RealConsul consul;
  private final CountingProxy proxy;
  private final DistDaemon daemon;
  private final Specs specs;
  private final Held held;
  private final Optional<SmallDisk> disk;
  private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
  private final Recoveries recoveries = new Recoveries();
  private long faulted;
  private boolean limited;

  Chaos(Path home, boolean persistent, long seed) throws IOException {
    random = new Random(seed);
    consul =
        RealConsul.start(
            persistent ? RealConsul.Options.persistentServer() : RealConsul.Options.dev());
    proxy = CountingProxy.before(consul.httpPort());
    daemon = DistDaemon.in(home, "owner: chaos\nresync: 1s\ndrain_floor: 1s\n");
    disk = SmallDisk.at(daemon.data());
    specs = new Specs(daemon.specs(), random);
    held = new Held(consul, !persistent);
  }

  void begin() throws IOException {
    specs.writeAll();
    held.register(0);
    daemon.start(proxy.address());
    recovered("the start");
  }

  /** Lets these happen while somebody edits, and waits until all is well again. */
  void round(Fault... faults) throws IOException {
    for (Fault fault : faults) {
      churn(Duration.ofMillis(200 + random.nextInt(300)));
      inject(fault);
    }
    churn(Duration.ofMillis(500));
    calm();
    recoveries.add(List.of(faults).toString(), faulted, recovered(List.of(faults).toString()));
  }

  /** Ends what lasts until a round is over. */
  private void calm() throws IOException {
    proxy.slow(Duration.ZERO);
    proxy.slowAnswers(Duration.ZERO);
    if (disk.isPresent()) {
      disk.get().empty();
    }
    daemon.unlimitFiles();
    limited = false;
  }

  /** At 20 edits a second. */
  private void churn(Duration time) throws IOException {
    for (long tick = 0; tick < time.toMillis() / 50; tick++) {
      specs.churn();
      pause(50);
    }
  }

  private void inject(Fault fault) throws IOException {
    if (fault == Fault.DISK_FULL && disk.isEmpty()) {
      return;
    }
    injected.merge(fault, 1, Integer::sum);
    faulted = System.nanoTime();
    switch (fault) {
      case AGENT_KILLED -> lose(consul::kill);
      case AGENT_ENDED -> lose(consul::terminate);
      case AGENT_RELOADED -> {
        consul.put("/v1/agent/reload", ""); // unlike SIGHUP, it is over when it is answered
        held.restarted();
      }
      case BRIDGE_KILLED -> killBridge();
      case STALL -> stall(proxy::slow);
      case SILENCE -> stall(proxy::slowAnswers);
      case SLOWNESS -> {
        proxy.slow(Duration.ofMillis(20 + random.nextInt(200)));
        proxy.slowAnswers(Duration.ofMillis(20 + random.nextInt(200)));
      }
      case RESET -> proxy.reset();
      case CUT -> proxy.cut();
      case FOREIGN_EDIT -> held.edit(specs.one().orElseThrow());
      case FOREIGN_DELETION -> held.deregister(specs.one().orElseThrow());
      case FOREIGN_REGISTRATION -> held.register(random.nextInt(100));
      case DISK_FULL -> disk.orElseThrow().fill();
      case FILE_LIMIT -> limitFiles();
    }
  }

  private void lose(Runnable end) throws IOException {
    end.run();
    held.restarted();
    churn(Duration.ofMillis(300));
    consul.restart();
  }

  private void killBridge() throws IOException {
    daemon.kill();
    churn(Duration.ofMillis(300));
    daemon.start(proxy.address());
    if (limited) {
      limitFiles();
    }
  }

  private void limitFiles() {
    daemon.awaitLog("Z "); // a JVM that may write nothing while it starts is ended by SIGXFSZ
    daemon.limitFiles();
    limited = true;
  }

  private void stall(Consumer<Duration> way) throws IOException {
    way.accept(Duration.ofMinutes(1));
    churn(Duration.ofMillis(1000 + random.nextInt(2500)));
    way.accept(Duration.ZERO);
  }

  /** Waits until all is well, and returns since when nothing happened any more. */
  private long recovered(String what) {
    long quiet = System.nanoTime();
    try {
      Awaitility.await(what)
          .atMost(LONGEST_RECOVERY)
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptions()
          .until(() -> amiss().isEmpty());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          what + " is not recovered from: " + amiss() + "\n" + daemon.log(), e);
    }
    return quiet;
  }

  private String amiss() {
    try {
      return held.amiss(specs.wanted());
    } catch (IOException | RuntimeException e) {
      return e.toString();
    }
  }

  /** Returns what is not well although nothing happens any more. */
  String atRest() throws IOException {
    Awaitility.await("the catalog, and the tasks")
        .atMost(LONGEST_RECOVERY)
        .untilAsserted(
            () -> {
              assertThat(held.amissInCatalog(specs.wanted())).isEmpty();
              assertThat(daemon.tasks()).hasSameSizeAs(specs.wanted().keySet());
            });
    proxy.forget();
    pause(3_000);
    return proxy.writes().isEmpty() ? amiss() : "at rest it wrote " + proxy.writes();
  }

  /** Ends the daemon; returns what is left of it, in the catalog as well. */
  String end() throws IOException {
    daemon.terminate();
    int exit = daemon.awaitEnd(Duration.ofSeconds(40));
    String left = held.amiss(new TreeMap<>());
    Awaitility.await("nothing of it in the catalog")
        .atMost(LONGEST_RECOVERY)
        .untilAsserted(() -> assertThat(held.amissInCatalog(new TreeMap<>())).isEmpty());
    return (exit == 0 ? "" : "it ended with " + exit + "\n" + daemon.log())
        + left
        + (daemon.tasks().isEmpty() ? "" : "; tasks are left: " + daemon.tasks());
  }

  String report() {
    return "%s, %d edits of specs, %s%s"
        .formatted(
            injected,
            specs.written(),
            recoveries.report(),
            disk.isPresent()
                ? ""
                : "; nobody may mount a file system here: none was full, but files were limited");
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.timedJoin(Thread.currentThread(), millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    daemon.close();
    disk.ifPresent(SmallDisk::close);
    proxy.close();
    consul.close();
  }
}
