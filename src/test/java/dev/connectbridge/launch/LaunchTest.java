package dev.connectbridge.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.launch.Launch.Admin;
import dev.connectbridge.launch.Launch.Filled;
import dev.connectbridge.launch.Launch.Place;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.TaskSpec.Logs;
import dev.connectbridge.spec.TaskSpec.Resources;
import dev.connectbridge.spec.Value;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LaunchTest {
  private static final Place PLACE =
      new Place(
          "/a",
          "/t",
          "/s",
          new TreeMap<>(
              Map.of(
                  "CONSUL_HTTP_ADDR",
                  "127.0.0.1:8500",
                  "CONSUL_HTTP_TOKEN_FILE",
                  "${NOMAD_SECRETS_DIR}/token")));

  private static TaskSpec task(Map<String, Value> config, Map<String, String> env) {
    return new TaskSpec(
        "proxy",
        "connect-proxy:cart",
        "raw_exec",
        "",
        config,
        env,
        Resources.of(250, 128),
        Map.of(),
        Logs.of(2, 2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        "",
        Origin.of("shop.nomad.hcl"));
  }

  private static TaskSpec task(String command) {
    return task(Map.of("command", new Value.Text(command)), Map.of());
  }

  private static Launch launch(TaskSpec task, Map<String, String> env, String... listening) {
    return new Launch(
        "alloc",
        "shop.api[0]",
        "parent",
        "parent-sidecar-proxy",
        task,
        new TreeMap<>(env),
        new Admin("NOMAD_ENVOY_ADMIN_ADDR_cart", "127.0.0.2:19000"),
        false,
        Optional.of(new Bootstrap("parent-sidecar-proxy", "", "127.0.0.2:19000")),
        new TreeSet<>(List.of(listening)),
        List.of());
  }

  @Test
  void directoriesAreFilledInWhereverTheyStandAndAreVariablesThemselves() {
    Map<String, String> env = Map.of("HOME", "${NOMAD_TASK_DIR}/home");
    Filled filled =
        launch(task(Map.of("args", items("-c", "${NOMAD_SECRETS_DIR}/x.json")), env), env)
            .in(PLACE);

    assertThat(filled.task().config()).containsEntry("args", items("-c", "/s/x.json"));
    assertThat(filled.env())
        .containsOnly(
            Map.entry("HOME", "/t/home"),
            Map.entry("NOMAD_ALLOC_DIR", "/a"),
            Map.entry("NOMAD_TASK_DIR", "/t"),
            Map.entry("NOMAD_SECRETS_DIR", "/s"),
            Map.entry("NOMAD_ENVOY_ADMIN_ADDR_cart", "127.0.0.2:19000"));
    assertThat(filled.unknown()).isEmpty();
  }

  @Test
  void whatNobodyKnowsIsReportedAndStaysAsWritten() {
    Filled filled =
        launch(task("${NOMAD_TASK_DIR}/${what} ${NOMAD_envoy_version}"), Map.of()).in(PLACE);

    assertThat(filled.unknown()).containsExactly("${NOMAD_envoy_version}", "${what}");
    assertThat(filled.task().config())
        .containsEntry("command", new Value.Text("/t/${what} ${NOMAD_envoy_version}"));
  }

  @Test
  void onlyAProxyThatTheBridgeChoseIsToldHowToAskTheAgent() {
    Launch own = launch(task("consul"), Map.of());
    Launch chosen =
        new Launch(
            own.allocation(),
            own.group(),
            own.service(),
            own.proxy(),
            own.task(),
            own.env(),
            own.admin(),
            true,
            own.bootstrap(),
            own.listening(),
            own.problems());

    assertThat(own.in(PLACE).env()).doesNotContainKey("CONSUL_HTTP_ADDR");
    assertThat(chosen.in(PLACE).env())
        .containsEntry("CONSUL_HTTP_ADDR", "127.0.0.1:8500")
        .containsEntry("CONSUL_HTTP_TOKEN_FILE", "/s/token");
  }

  @Test
  void theAuthorsVariablesComeBeforeOurs() {
    Launch launch = launch(task("x"), Map.of("NOMAD_TASK_DIR", "/mine"));

    assertThat(launch.in(PLACE).env()).containsEntry("NOMAD_TASK_DIR", "/mine");
  }

  @Test
  void theHashIsThatOfTheProcessWhateverTheOrderAndThePlaceInTheFile() {
    Map<String, Value> oneWay = new LinkedHashMap<>();
    oneWay.put("a", new Value.Text("1"));
    oneWay.put("b", Value.Num.of(1));
    Map<String, Value> otherWay = new LinkedHashMap<>();
    otherWay.put("b", Value.Num.of(1));
    otherWay.put("a", new Value.Text("1"));
    String hash = launch(task(oneWay, Map.of()), Map.of("A", "b")).hash();

    assertThat(hash).matches("[0-9a-f]{32}");
    assertThat(launch(task(otherWay, Map.of()), Map.of("A", "b")).hash()).isEqualTo(hash);
    assertThat(launch(task(oneWay, Map.of()), Map.of("A", "c")).hash()).isNotEqualTo(hash);
    assertThat(launch(task(Map.of("a", items("1")), Map.of()), Map.of("A", "b")).hash())
        .isNotEqualTo(hash);
  }

  @Test
  void anUpstreamMoreIsNoOtherProcessButOneThatTheTaskAsksForIs() {
    String hash = launch(task("x"), Map.of("NOMAD_PORT_a", "1")).hash();
    Map<String, String> more = Map.of("NOMAD_PORT_a", "1", "NOMAD_UPSTREAM_PORT_db", "5432");

    assertThat(launch(task("x"), more).hash()).isEqualTo(hash);
    assertThat(launch(task("x 5432"), more).hash()).isNotEqualTo(hash);
  }

  @Test
  void aBuiltInProxyIsRestartedWhenAListenerGoesOrChangesAndNotForOneMore() {
    String before = launch(task("x"), Map.of(), "a:1 -> x", "b:2 -> y").listeningText();

    assertThat(launch(task("x"), Map.of(), "a:1 -> x", "b:2 -> y").mustRestart(before)).isFalse();
    assertThat(launch(task("x"), Map.of(), "a:1 -> x", "b:2 -> y", "c:3 -> z").mustRestart(before))
        .isFalse();
    assertThat(launch(task("x"), Map.of(), "a:1 -> x").mustRestart(before)).isTrue();
    assertThat(launch(task("x"), Map.of(), "a:1 -> x", "b:2 -> z").mustRestart(before)).isTrue();
    assertThat(launch(task("x"), Map.of(), "a:1 -> x").mustRestart("")).isFalse();
  }

  @Test
  void envoysAdministratorCanBePutElsewhereForTaskAndBootstrapAlike() {
    Launch moved = launch(task("x"), Map.of()).withAdmin("127.0.0.9:1");

    assertThat(moved.in(PLACE).env()).containsEntry("NOMAD_ENVOY_ADMIN_ADDR_cart", "127.0.0.9:1");
    assertThat(moved.bootstrap().orElseThrow().command("consul", Optional.of("127.0.0.1:8502")))
        .containsExactly(
            "consul",
            "connect",
            "envoy",
            "-grpc-addr",
            "127.0.0.1:8502",
            "-admin-bind",
            "127.0.0.9:1",
            "-proxy-id",
            "parent-sidecar-proxy",
            "-bootstrap");
  }

  @Test
  void noTextHoldsAValueOfTheEnvironmentOrTheConfiguration() {
    Map<String, String> env = Map.of("PASSWORD", "hunter2");
    Launch launch = launch(task(Map.of("args", items("hunter2")), env), env);

    assertThat(launch + " " + launch.in(PLACE) + launch.task() + PLACE)
        .doesNotContain("hunter2")
        .doesNotContain("8500");
    assertThat(new GroupEnvironment("x", new TreeMap<>(env)).toString()).doesNotContain("hunter2");
    assertThat(
            new ScriptCheck("c", "l", List.of("hunter2"), Duration.ZERO, Duration.ZERO).toString())
        .doesNotContain("hunter2");
  }

  private static Value items(String... texts) {
    return new Value.Items(List.of(texts).stream().<Value>map(Value.Text::new).toList());
  }
}
