package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.CountingProxy.Request;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RunsBeside;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole road, from a file that is saved to what a real agent holds. */
@RunsBeside
class BridgeIT {
  private static final String REGISTER = "/v1/agent/service/register";
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Path SEEDS = Path.of("config/examples/countdash/countdash.nomad.hcl");

  @TempDir private Path specs;
  @TempDir private Path run;
  private RealConsul consul;
  private CountingProxy proxy;
  private Bridge bridge;

  @BeforeEach
  void startConsul() {
    consul = RealConsul.dev();
    proxy = CountingProxy.before(consul.httpPort());
  }

  @AfterEach
  void stop() {
    if (bridge != null) {
      bridge.close();
    }
    if (proxy != null) {
      proxy.close();
      consul.close();
    }
  }

  @Test
  void theSeedsExamplesAreRegisteredWithTheirSidecars() throws IOException {
    save("countdash.nomad.hcl", Files.readString(SEEDS, UTF_8));

    start();

    awaitHeld("count-api", "count-api-sidecar-proxy");
    awaitHeld("count-dashboard", "count-dashboard-sidecar-proxy");
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(consul.get("/v1/health/connect/count-api"))
                    .contains("count-api-sidecar-proxy"));
  }

  @ParameterizedTest
  @CsvSource({"every-field.nomad.hcl, 1, 90", "roles.nomad.hcl, 5, 25"})
  void everyFieldThatIsAddedChangedOrRemovedIsOneWriteAndTheAgentHoldsExactlyThat(
      String file, int services, int least) throws IOException, AgentException {
    for (String service : List.of("web", "shop")) {
      consul.put(
          "/v1/config",
          "{\"Kind\":\"service-defaults\",\"Name\":\"%s\",\"Protocol\":\"http\"}"
              .formatted(service));
    }
    String base = text(file);
    save("shop.nomad.hcl", base);
    start();
    awaitWrites(services);
    awaitPass();
    List<String> wrong = new ArrayList<>();

    List<String[]> edits = edits(base);
    assertThat(edits).hasSizeGreaterThan(least);
    for (String[] edit : edits) {
      check(edit[0] + " removed or changed", edit[1], wrong);
      check(edit[0] + " put back", base, wrong);
    }

    assertThat(wrong).isEmpty();
  }

  /** Each line marked {@code #~} is taken away; where an alternative follows, it is put there. */
  private static List<String[]> edits(String base) {
    List<String[]> edits = new ArrayList<>();
    for (String line : base.split("\n", -1)) {
      int mark = line.indexOf("#~");
      if (mark >= 0) {
        String other = line.substring(mark + 2).strip();
        if (!other.startsWith("needed")) {
          edits.add(new String[] {line.strip(), base.replace(line + "\n", "")});
        }
        String changed = other.replaceFirst("^needed", "").strip();
        if (!changed.isEmpty()) {
          edits.add(new String[] {line.strip(), base.replace(line, changed)});
        }
      }
    }
    return edits;
  }

  private void check(String what, String text, List<String> wrong)
      throws IOException, AgentException {
    proxy.forget();
    save("shop.nomad.hcl", text);
    try {
      awaitWrites(1);
    } catch (ConditionTimeoutException e) {
      wrong.add(what + ": not written");
    }
    awaitPass();
    List<Request> writes = proxy.writes();
    long registers = proxy.count("PUT", REGISTER);
    long entries = proxy.count("PUT", "/v1/config");
    boolean onlyChecksBeside =
        writes.stream()
            .allMatch(
                write ->
                    write.path().startsWith(REGISTER)
                        || write.path().startsWith("/v1/config")
                        || write.path().startsWith("/v1/agent/check/deregister"));
    boolean listener =
        what.contains("needed port = 8082") || what.contains("needed name = \"shop\"");
    if (registers != 1 || !onlyChecksBeside || entries != (listener ? 1 : 0)) {
      wrong.add(what + ": " + writes);
    }
    try (Bridge other = builder(consul.address()).build()) {
      if (!other.plan().plan().isEmpty()) {
        wrong.add(what + ": " + other.plan().plan().changes());
      }
    }
  }

  @Test
  void atRestNothingIsWrittenAndConsulsIndexStandsStill() throws IOException {
    save("countdash.nomad.hcl", Files.readString(SEEDS, UTF_8));
    bridge = builder(proxy.address()).resync(Duration.ofSeconds(2)).build();
    bridge.start();
    awaitWrites(2);
    awaitPass();
    String before = await().atMost(SOON).until(this::index, index -> index.matches("\\d+"));
    proxy.forget();

    await()
        .during(Duration.ofSeconds(30))
        .atMost(Duration.ofSeconds(60))
        .until(() -> proxy.writes().isEmpty());

    assertThat(proxy.count("GET", "/v1/agent/services")).isGreaterThan(5);
    assertThat(index()).isEqualTo(before);
  }

  @Test
  void anAgentThatComesBackEmptyIsFilledAndTheQuickestOfFourWithinTwoSeconds() throws IOException {
    save("countdash.nomad.hcl", Files.readString(SEEDS, UTF_8));
    start();
    awaitWrites(2);
    awaitPass();

    List<Long> healed = new ArrayList<>();
    for (Runnable end :
        List.<Runnable>of(consul::kill, consul::terminate, consul::kill, consul::terminate)) {
      end.run();
      consul.launch();
      healed.add(untilFilled());
      awaitPass();
    }

    System.out.printf("agent back empty: everything registered again after %s ms%n", healed);
    assertThat(healed).anyMatch(time -> time < 2_000);
  }

  /** Returns how many milliseconds after its first answer the agent holds everything again. */
  private long untilFilled() {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(5))
        .ignoreExceptions()
        .until(() -> consul.get("/v1/agent/services") != null);
    long back = System.nanoTime();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(SOON)
        .until(() -> holds("count-api-sidecar-proxy", "count-dashboard-sidecar-proxy"));
    return Duration.ofNanos(System.nanoTime() - back).toMillis();
  }

  @Test
  void aFileThatBreaksFreezesOnlyWhatCameFromIt() throws IOException {
    save("one.nomad.hcl", Files.readString(SEEDS, UTF_8));
    save(
        "two.nomad.hcl",
        Files.readString(SEEDS, UTF_8)
            .replace("count", "other")
            .replace("8080", "8081")
            .replace("900", "910"));
    start();
    awaitHeld("other-api-sidecar-proxy", "count-api-sidecar-proxy");

    save("one.nomad.hcl", "job \"countdash\" {");
    Files.delete(specs.resolve("two.nomad.hcl"));

    await().atMost(SOON).until(() -> !holds("other-api"));
    assertThat(holds("count-api", "count-api-sidecar-proxy")).isTrue();
  }

  @Test
  void closingDeregistersOurOwnAndNothingElse() throws IOException {
    consul.put(REGISTER, "{\"ID\":\"theirs\",\"Name\":\"theirs\",\"Port\":1}");
    save("countdash.nomad.hcl", Files.readString(SEEDS, UTF_8));
    start();
    awaitHeld("count-api", "count-dashboard");

    bridge.close();

    assertThat(holds("count-api")).isFalse();
    assertThat(holds("theirs")).isTrue();
    List<String> removed =
        proxy.writes().stream()
            .map(Request::path)
            .filter(path -> path.contains("/service/deregister/"))
            .toList();
    assertThat(removed).hasSize(4);
    removed.stream()
        .filter(path -> path.endsWith("-sidecar-proxy"))
        .forEach(
            sidecar ->
                assertThat(removed)
                    .containsSubsequence(sidecar, sidecar.replace("-sidecar-proxy", "")));
  }

  @Test
  void aMaintenanceModeSetByAnOperatorSurvivesOurWrites() throws IOException {
    String job = Files.readString(SEEDS, UTF_8);
    save("countdash.nomad.hcl", job);
    start();
    awaitHeld("count-api", "count-dashboard");
    awaitPass();
    String id = idOf("count-api");
    consul.put("/v1/agent/service/maintenance/" + id + "?enable=true&reason=x", "");
    proxy.forget();

    save("countdash.nomad.hcl", job.replace("\"9001\"", "\"9001\"\n      tags = [\"new\"]"));

    awaitWrites(1);
    awaitPass();
    assertThat(consul.get("/v1/agent/checks")).contains("_service_maintenance:" + id);
  }

  private String idOf(String name) {
    return Stream.of(consul.get("/v1/agent/services").split("\"", -1))
        .filter(text -> text.startsWith("_connect-bridge-") && text.contains("." + name + "."))
        .filter(text -> !text.endsWith("-sidecar-proxy") && !text.contains(".check-"))
        .findFirst()
        .orElseThrow();
  }

  private void start() {
    bridge = builder(proxy.address()).build();
    bridge.start();
  }

  private BridgeBuilder builder(String agent) {
    return Bridge.builder().consul(agent).runDirectory(run).source(new SpecPaths(List.of(specs)));
  }

  private void save(String name, String text) throws IOException {
    Files.writeString(specs.resolve(name), text, UTF_8);
  }

  private static String text(String name) {
    try {
      return Files.readString(Path.of("src/test/resources/bridge", name), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitWrites(int count) {
    await()
        .pollInterval(Duration.ofMillis(3))
        .atMost(SOON)
        .until(() -> proxy.count("PUT", REGISTER) >= count);
  }

  /** Waits until a pass that began now has had its chance to write, and the next has begun. */
  private void awaitPass() {
    long before = proxy.count("GET", "/v1/agent/checks");
    bridge.wake();
    await()
        .pollInterval(Duration.ofMillis(3))
        .atMost(SOON)
        .until(() -> proxy.count("GET", "/v1/agent/checks") > before);
    long then = proxy.count("GET", "/v1/agent/checks");
    bridge.wake();
    await()
        .pollInterval(Duration.ofMillis(3))
        .atMost(SOON)
        .until(() -> proxy.count("GET", "/v1/agent/checks") > then);
  }

  private void awaitHeld(String... names) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> holds(names));
  }

  private boolean holds(String... names) {
    String services = consul.get("/v1/agent/services");
    return Stream.of(names)
        .allMatch(name -> services.replace(" ", "").contains("\"Service\":\"" + name + "\""));
  }

  private String index() {
    String services = consul.get("/v1/catalog/service/count-api");
    return services.replaceAll("(?s).*\"ModifyIndex\":\\s*(\\d+).*", "$1");
  }
}
