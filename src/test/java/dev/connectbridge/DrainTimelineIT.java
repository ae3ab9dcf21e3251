package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The stops that were measured with Nomad, all at once, with real processes and a real Consul: what
 * the processes and Consul themselves saw, beside what the receipts say and what Nomad did.
 */
class DrainTimelineIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** This much later than it should be is still no fault of ours, on a machine that is busy. */
  private static final long WIDE = 5_000;

  private static final String GOES =
      "trap 'date +INT-%s%N; exit 0' INT; trap 'date +QUIT-%s%N; exit 0' QUIT;";
  private static final String STAYS = "trap 'date +INT-%s%N' INT; trap 'date +QUIT-%s%N' QUIT;";
  private static final String FOREVER = " echo ready; while :; do sleep 0.01; done";

  private static final List<Stop> STOPS =
      List.of(
          Stop.of("s01").nomad(38, -1),
          Stop.of("s02").delays(3, 0).nomad(3_045, -1),
          Stop.of("s03").delays(0, 3).nomad(3_028, -1),
          Stop.of("s04").delays(3, 2).nomad(5_033, -1),
          Stop.of("s05").stays("kill_timeout = \"3s\"", 3_000).nomad(40, 3_049),
          Stop.of("s06")
              .delays(2, 2)
              .stays("kill_timeout = \"3s\"\nkill_signal = \"SIGQUIT\"", 3_000)
              .nomad(4_031, 7_043),
          Stop.of("s07").withCheck().nomad(38, -1),
          Stop.of("s09").stays("kill_timeout = \"0s\"", 5_000).nomad(55, 5_062));

  @TempDir private Path temp;
  private RealConsul consul;
  private Bridge bridge;

  /**
   * One of them.
   *
   * @param group the group's delay, in ms
   * @param sidecar the sidecar's task's own, in ms
   * @param more what else its sidecar_task says
   * @param killAfter how long after the signal it is ended; none where it ends by itself
   * @param nomadSignal when Nomad's signal arrived
   * @param nomadKill when Nomad ended it, if it did
   */
  private record Stop(
      String name,
      long group,
      long sidecar,
      boolean checked,
      String more,
      Optional<Long> killAfter,
      long nomadSignal,
      long nomadKill) {

    static Stop of(String name) {
      return new Stop(name, 0, 0, false, "", Optional.empty(), 0, 0);
    }

    Stop delays(int groupSeconds, int sidecarSeconds) {
      return new Stop(
          name, groupSeconds * 1000L, sidecarSeconds * 1000L, checked, more, killAfter, 0, 0);
    }

    Stop stays(String said, long killedAfter) {
      return new Stop(name, group, sidecar, checked, said, Optional.of(killedAfter), 0, 0);
    }

    Stop withCheck() {
      return new Stop(name, group, sidecar, true, more, killAfter, 0, 0);
    }

    Stop nomad(long signal, long kill) {
      return new Stop(name, group, sidecar, checked, more, killAfter, signal, kill);
    }

    /** Returns when it is signalled, by the formula, where the proof is quick. */
    long signal() {
      return group + sidecar;
    }

    String signalName() {
      return more.contains("SIGQUIT") ? "QUIT" : "INT";
    }

    String text() {
      String check =
          "check {\n name = \"hc\"\n type = \"http\"\n path = \"/\"\n"
              + " interval = \"2s\"\n timeout = \"1s\"\n }";
      return """
      group "%1$s" {
        shutdown_delay = "%2$dms"
        network {
          mode = "bridge"
          port "http" { to = 9001 }
        }
        service {
          name = "%1$s"
          port = "%3$s"
          %4$s
          connect {
            sidecar_service {}
            sidecar_task {
              driver = "raw_exec"
              shutdown_delay = "%5$dms"
              %6$s
              config {
                command = "/bin/sh"
                args    = ["-c", "%7$s"]
              }
            }
          }
        }
      }
      """
          .formatted(
              name,
              group,
              checked ? "http" : "90" + name.substring(1, 3),
              checked ? check : "",
              sidecar,
              more,
              (killAfter.isPresent() ? STAYS : GOES) + FOREVER);
    }
  }

  @BeforeEach
  void start() throws IOException {
    consul = RealConsul.dev();
    StringBuilder job = new StringBuilder("job \"stops\" {\n");
    STOPS.forEach(stop -> job.append(stop.text()));
    Files.createDirectories(temp.resolve("specs"));
    Files.writeString(spec(), job.append("}\n"));
    bridge =
        Bridge.builder()
            .removals(Consent.GIVEN)
            .consul(consul.address())
            .owner("stops")
            .runDirectory(temp.resolve("run"))
            .dataDirectory(temp.resolve("data"))
            .source(new SpecPaths(List.of(temp.resolve("specs"))))
            .runTasks(Optional.of("unix:///nowhere"))
            .drains(new DrainPolicy(SOON, Optional.empty(), false))
            .build();
    bridge.start();
    await().atMost(SOON).until(() -> STOPS.stream().allMatch(this::isReady));
    await().atMost(SOON).until(() -> held("/v1/catalog/node/n1").size() == 2 * STOPS.size());
  }

  @AfterEach
  void end() {
    if (bridge != null) {
      bridge.close();
    }
    if (consul != null) {
      consul.close();
    }
  }

  private Path spec() {
    return temp.resolve("specs/stops.nomad.hcl");
  }

  private Path log(Stop stop) {
    return temp.resolve(
        "data/logs/stops.%1$s.0/connect-proxy-%1$s.stdout.0".formatted(stop.name()));
  }

  private boolean isReady(Stop stop) {
    return Files.exists(log(stop)) && text(log(stop)).contains("ready");
  }

  @Test
  void everyStopKeepsItsTimesAndDeregistersBeforeItSignals() throws IOException {
    Map<String, Instant> heldByAgent = new ConcurrentHashMap<>();
    Map<String, Instant> heldByServers = new ConcurrentHashMap<>();
    note("/v1/agent/services", heldByAgent);
    note("/v1/catalog/node/n1", heldByServers);
    Instant begin = Instant.now();

    Files.delete(spec());

    await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(UncheckedIOException.class) // half a line
        .until(
            () -> {
              note("/v1/agent/services", heldByAgent);
              note("/v1/catalog/node/n1", heldByServers);
              return receipts().size() == STOPS.size();
            });
    List<String> table = new ArrayList<>();
    List<Runnable> checks = new ArrayList<>();
    for (Stop stop : STOPS) {
      JsonNode receipt = receipts().get(stop.name());
      long arrived = begin.until(arrival(stop), ChronoUnit.MILLIS);
      table.add(row(stop, receipt, arrived));
      checks.add(
          () -> {
            check(stop, receipt, arrived);
            for (String id : List.of(stop.name(), stop.name() + "-sidecar-proxy")) {
              assertThat(heldByAgent.get(id)).as(id).isBefore(arrival(stop));
              assertThat(heldByServers.get(id)).as(id).isBefore(arrival(stop));
            }
          });
    }
    System.out.println(
        "table: ms after the request    deregistered  absent  signal (arrives)  SIGKILL"
            + "  | Nomad: signal  SIGKILL");
    table.forEach(System.out::println);
    checks.forEach(Runnable::run);
  }

  private static String row(Stop stop, JsonNode receipt, long arrived) {
    JsonNode task = receipt.path("tasks").get(0);
    return "table: %s %38s %7s %8s %9s %8s  | %13s %8s"
        .formatted(
            stop.name(),
            receipt.path("deregistered_at_agent_ms").asText(),
            receipt.path("absent_from_catalog_ms").asText(),
            task.path("signal_ms").asText(),
            "(" + arrived + ")",
            task.path("kill_ms").isNull() ? "-" : task.path("kill_ms").asText(),
            stop.nomadSignal(),
            stop.nomadKill() < 0 ? "-" : stop.nomadKill());
  }

  private static void check(Stop stop, JsonNode receipt, long arrived) {
    JsonNode task = receipt.path("tasks").get(0);
    long absent = receipt.path("absent_from_catalog_ms").asLong(-1);
    long signal = task.path("signal_ms").asLong(-1);
    assertThat(receipt.path("verdict").asText()).as(receipt.toString()).isEqualTo("PROVEN");
    assertThat(receipt.path("deregistered_at_agent_ms").asLong(-1)).isBetween(0L, absent);
    assertThat(absent).as(stop.name()).isLessThanOrEqualTo(signal);
    assertThat(signal).as(stop.name()).isBetween(stop.signal(), stop.signal() + WIDE);
    assertThat(arrived).as(stop.name()).isBetween(signal, signal + WIDE);
    if (stop.killAfter().isPresent()) {
      long kill = task.path("kill_ms").asLong(-1);
      assertThat(kill - signal).isBetween(stop.killAfter().get(), stop.killAfter().get() + WIDE);
      assertThat(task.path("exit").asText()).isEqualTo("signal 9");
    } else {
      assertThat(task.path("kill_ms").isNull()).isTrue();
      assertThat(task.path("exit").asText()).isEqualTo("exit code 0");
    }
  }

  /** What was asked for at a moment and is in the answer was there at that moment, or later. */
  private void note(String path, Map<String, Instant> last) {
    Instant asked = Instant.now();
    held(path).forEach(name -> last.put(name, asked));
  }

  private List<String> held(String path) {
    List<String> names = new ArrayList<>();
    JsonNode answer = json(consul.get(path));
    answer = answer.path("Services").isObject() ? answer.path("Services") : answer;
    answer.forEach(service -> names.add(service.path("Service").asText()));
    names.remove("consul");
    return names;
  }

  private Map<String, JsonNode> receipts() {
    Map<String, JsonNode> receipts = new TreeMap<>();
    Path book = temp.resolve("data/receipts.jsonl");
    if (Files.exists(book)) {
      UnaryOperator<String> name = group -> group.replaceAll("stops\\.(.*)\\[0]", "$1");
      text(book)
          .lines()
          .map(DrainTimelineIT::json)
          .forEach(line -> receipts.put(name.apply(line.path("group").asText()), line));
    }
    return receipts;
  }

  /** Returns when the process itself saw the signal. */
  private Instant arrival(Stop stop) {
    String nanos =
        text(log(stop))
            .lines()
            .filter(line -> line.startsWith(stop.signalName() + "-"))
            .findFirst()
            .orElseThrow()
            .substring(stop.signalName().length() + 1);
    long all = Long.parseLong(nanos);
    return Instant.ofEpochSecond(all / 1_000_000_000, all % 1_000_000_000);
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
