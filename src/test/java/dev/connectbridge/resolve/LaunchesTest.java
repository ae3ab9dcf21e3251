package dev.connectbridge.resolve;

import static dev.connectbridge.testing.Specs.NODE;
import static dev.connectbridge.testing.Specs.group;
import static dev.connectbridge.testing.Specs.job;
import static dev.connectbridge.testing.Specs.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.launch.Bootstrap;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.launch.Launch.Filled;
import dev.connectbridge.launch.Launch.Place;
import dev.connectbridge.launch.ScriptCheck;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LaunchesTest {
  private static final Place PLACE = new Place("/a", "/t", "/s", new TreeMap<>());
  private static final String INGRESS =
      """
      name = "edge"
      port = "http"
      connect {
        gateway {
          proxy {}
          ingress {
            listener {
              port     = 8080
              protocol = "tcp"
              service { name = "cart" }
            }
          }
        }
      }
      """;

  private static String cart(String proxy, String task) {
    return """
        name = "cart"
        port = "9001"
        connect {
          sidecar_service {
            proxy {
              %s
            }
          }
          %s
        }
        """
        .formatted(proxy, task);
  }

  private static Desired resolve(String spec, SidecarTask choice, Map<String, String> meta) {
    Node node =
        new Node(
            NODE.id(),
            NODE.name(),
            NODE.datacenter(),
            NODE.address(),
            NODE.hostNetworks(),
            NODE.attributes(),
            new TreeMap<>(meta));
    Desired desired =
        Resolver.resolve(
            snapshot("shop.nomad.hcl", spec),
            Situation.of("default", node).with(Choices.NONE.with(choice)));
    assertThat(desired.problems()).isEmpty();
    return desired;
  }

  private static Launch launch(String service, SidecarTask choice, Map<String, String> meta) {
    return resolve(job(service), choice, meta).workloads().get(0).launch().orElseThrow();
  }

  private static Launch launch(String service) {
    return launch(service, SidecarTask.NOMAD, Map.of("connect.sidecar_image", "envoy:1"));
  }

  private static Value texts(String... texts) {
    return new Value.Items(List.of(texts).stream().<Value>map(Value.Text::new).toList());
  }

  @Test
  void theDefaultTaskIsFilledInWithWhatANomadClientKnows() {
    Launch launch = launch(cart("", ""));

    assertThat(launch.task().config())
        .containsEntry("image", new Value.Text("envoy:1"))
        .containsEntry(
            "args",
            texts(
                "-c",
                "${NOMAD_SECRETS_DIR}/envoy_bootstrap.json",
                "-l",
                "info",
                "--concurrency",
                "1",
                "--disable-hot-restart"));
    assertThat(launch.problems()).isEmpty();
    assertThat(launch.listening()).isEmpty();
    assertThat(launch.bootstrap().map(Bootstrap::proxy)).contains(launch.proxy());
    assertThat(launch.proxy()).isEqualTo(launch.service() + "-sidecar-proxy");
    assertThat(launch.group()).isEqualTo("shop.api[0]");
    assertThat(launch.id()).isEqualTo(launch.allocation() + ".connect-proxy-cart");
  }

  @Test
  void whatTheNodeSaysComesBeforeTheDefaults() {
    Map<String, String> meta =
        Map.of(
            "connect.sidecar_image",
            "e",
            "connect.log_level",
            "warn",
            "connect.proxy_concurrency",
            "4");

    assertThat(launch(cart("", ""), SidecarTask.NOMAD, meta).task().config().get("args").toString())
        .contains("warn")
        .contains("=4");
  }

  @Test
  void aNodeWithoutAnImageIsAProblemAtTheService() {
    Launch launch = launch(cart("", ""), SidecarTask.NOMAD, Map.of());

    assertThat(launch.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.file()).isEqualTo("shop.nomad.hcl");
              assertThat(problem.place().line()).isEqualTo(9);
              assertThat(problem.message())
                  .contains("no meta connect.sidecar_image")
                  .contains("builtin or envoy");
            });
    assertThat(launch.unknown()).containsExactly("${meta.connect.sidecar_image}");
  }

  @Test
  void anImageThatNamesAVersionNobodyKnowsIsAProblemToo() {
    Launch launch =
        launch(
            cart("", ""),
            SidecarTask.NOMAD,
            Map.of("connect.sidecar_image", "envoy:${NOMAD_envoy_version}"));

    assertThat(launch.problems())
        .extracting(Problem::message)
        .containsExactly("${NOMAD_envoy_version} is not known on this node");
  }

  @Test
  void theTaskThatIsRenderedStaysAsWritten() {
    Workload workload =
        resolve(job(cart("", "")), SidecarTask.BUILTIN, Map.of()).workloads().get(0);

    assertThat(workload.task().orElseThrow().driver()).isEqualTo("docker");
    assertThat(workload.task().orElseThrow().config())
        .containsEntry("image", new Value.Text("${meta.connect.sidecar_image}"));
    assertThat(workload.launch().orElseThrow().task().driver()).isEqualTo("raw_exec");
  }

  @Test
  void theBuiltInProxyIsConsulsAndNeedsNoBootstrapAndNoImage() {
    Launch launch =
        launch(
            cart("", "sidecar_task {\n env {\n A = \"b\"\n }\n user = \"nobody\"\n }"),
            SidecarTask.BUILTIN,
            Map.of());

    assertThat(launch.task().config())
        .isEqualTo(
            Map.of(
                "command",
                new Value.Text("consul"),
                "args",
                texts("connect", "proxy", "-sidecar-for", launch.service())));
    assertThat(launch.task().user()).isEqualTo("nobody");
    assertThat(launch.env()).containsEntry("A", "b");
    assertThat(launch.asksAgent()).isTrue();
    assertThat(launch.isBuiltin()).isTrue();
    assertThat(launch.bootstrap()).isEmpty();
    assertThat(launch.problems()).isEmpty();
  }

  @Test
  void aDriverOrAConfigurationOfTheAuthorIsNotReplaced() {
    for (SidecarTask choice : SidecarTask.values()) {
      Launch driver =
          launch(
              cart(
                  "",
                  "sidecar_task {\n driver = \"raw_exec\"\n config {\n command = \"x\"\n }\n }"),
              choice,
              Map.of());
      Launch image =
          launch(cart("", "sidecar_task {\n config {\n image = \"y\"\n }\n }"), choice, Map.of());

      assertThat(driver.task().config()).isEqualTo(Map.of("command", new Value.Text("x")));
      assertThat(driver.bootstrap()).isEmpty();
      assertThat(driver.asksAgent()).isFalse();
      assertThat(image.task().driver()).isEqualTo("docker");
      assertThat(image.task().config()).containsEntry("image", new Value.Text("y"));
    }
  }

  @Test
  void envoyIsAProcessWithTheArgumentsOfTheImage() {
    Launch launch = launch(cart("", ""), SidecarTask.ENVOY, Map.of());
    Filled filled = launch.in(PLACE);

    assertThat(filled.task().driver()).isEqualTo("raw_exec");
    assertThat(filled.task().config())
        .isEqualTo(
            Map.of(
                "command",
                new Value.Text("envoy"),
                "args",
                texts(
                    "-c",
                    "/s/envoy_bootstrap.json",
                    "-l",
                    "info",
                    "--concurrency",
                    "1",
                    "--disable-hot-restart")));
    assertThat(launch.bootstrap()).isPresent();
    assertThat(launch.problems()).isEmpty();
  }

  @Test
  void aGatewayIsNoneOfTheBuiltInProxysAndIsWhatEnvoyIsBootstrappedAs() {
    Launch builtin = launch(INGRESS, SidecarTask.BUILTIN, Map.of());
    Launch envoy = launch(INGRESS, SidecarTask.ENVOY, Map.of());

    assertThat(builtin.problems())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("cannot be a gateway");
    assertThat(envoy.proxy()).isEqualTo(envoy.service());
    assertThat(envoy.bootstrap().orElseThrow().command("consul", Optional.empty()))
        .containsSequence("-gateway", "ingress", "-proxy-id", envoy.service());
  }

  @Test
  void aProxyListensForItsApplicationAndItsUpstreamsAtTheirRealAddresses() {
    String db = "upstreams {\n destination_name = \"db\"\n local_bind_port = 5432\n }\n";
    String far =
        """
        upstreams {
          destination_name   = "mid-one"
          local_bind_port    = 80
          local_bind_address = "127.0.0.7"
          datacenter         = "dc2"
        }
        """;
    Launch one = launch(cart(db, ""), SidecarTask.BUILTIN, Map.of());
    Launch two = launch(cart(db + far, ""), SidecarTask.BUILTIN, Map.of());

    assertThat(two.listening())
        .hasSize(3)
        .contains("127.0.0.1:5432 -> db", "127.0.0.7:80 -> mid-one in dc2")
        .anyMatch(line -> line.matches("10\\.0\\.0\\.1:2\\d{4} -> 127\\.0\\.0\\.1:9001"));
    assertThat(two.env())
        .containsEntry("NOMAD_UPSTREAM_ADDR_mid-one", "127.0.0.7:80")
        .containsEntry("NOMAD_UPSTREAM_IP_mid_one", "127.0.0.7")
        .containsEntry("NOMAD_UPSTREAM_PORT_db", "5432");
    assertThat(two.mustRestart(one.listeningText())).isFalse();
    assertThat(two.hash()).isEqualTo(one.hash());
    assertThat(one.mustRestart(two.listeningText())).isTrue();
  }

  @Test
  void anAuthorsOwnBuiltInProxyIsKnownAsOne() {
    String own =
        """
        sidecar_task {
          driver = "raw_exec"
          config {
            command = "/usr/bin/consul"
            args    = ["connect", "proxy", "-sidecar-for", "x"]
          }
        }
        """;

    assertThat(launch(cart("", own)).isBuiltin()).isTrue();
    assertThat(launch(cart("", own)).asksAgent()).isFalse();
    assertThat(launch(cart("", own.replace("\"proxy\"", "\"envoy\""))).isBuiltin()).isFalse();
  }

  @Test
  void everythingAnAuthorMayAskForIsFilledIn() {
    String task =
        """
        sidecar_task {
          driver      = "raw_exec"
          user        = "${meta.who}"
          kill_signal = "${meta.signal}"
          config {
            command = "${NOMAD_TASK_DIR}/run"
            args    = ["${NOMAD_META_tier}", "${OWN}", "${NOMAD_UPSTREAM_ADDR_db}", "$${left}"]
          }
          env {
            OWN = "${attr.kernel.name}-${NOMAD_TASK_NAME}"
          }
          meta {
            tier  = "x-${NOMAD_ALLOC_INDEX}"
            a-key = "1"
          }
          resources {
            cpu        = 300
            memory     = 200
            memory_max = 400
          }
        }
        """;
    String db = "upstreams {\n destination_name = \"db\"\n local_bind_port = 5432\n }\n";
    Launch launch =
        launch(cart(db, task), SidecarTask.NOMAD, Map.of("who", "nobody", "signal", "SIGTERM"));

    assertThat(launch.task().user()).isEqualTo("nobody");
    assertThat(launch.task().killSignal()).isEqualTo("SIGTERM");
    assertThat(launch.in(PLACE).task().config())
        .containsEntry("command", new Value.Text("/t/run"))
        .containsEntry(
            "args", texts("x-0", "linux-connect-proxy-cart", "127.0.0.1:5432", "${left}"));
    assertThat(launch.unknown()).containsExactly("${left}");
    assertThat(launch.problems()).isEmpty();
    assertThat(launch.env())
        .containsEntry("OWN", "linux-connect-proxy-cart")
        .containsEntry("NOMAD_META_tier", "x-0")
        .containsEntry("NOMAD_META_TIER", "x-0")
        .containsEntry("NOMAD_META_a_key", "1")
        .containsEntry("NOMAD_META_A_KEY", "1")
        .doesNotContainKey("NOMAD_META_a-key")
        .containsEntry("NOMAD_CPU_LIMIT", "300")
        .containsEntry("NOMAD_MEMORY_LIMIT", "200")
        .containsEntry("NOMAD_MEMORY_MAX_LIMIT", "400")
        .containsEntry("NOMAD_TASK_NAME", "connect-proxy-cart")
        .containsEntry("NOMAD_JOB_ID", "shop")
        .containsEntry("NOMAD_DC", "dc1");
  }

  @Test
  void aUserThatIsNotKnownIsAProblemAtItsPlace() {
    Launch launch = launch(cart("", "sidecar_task {\n user = \"${meta.nobody}\"\n }"));

    assertThat(launch.problems())
        .extracting(Problem::message)
        .containsExactly("${meta.nobody} is not known on this node");
    assertThat(launch.problems().get(0).path()).endsWith("user");
  }

  @Test
  void noTwoProxiesOfTheHostHaveOneAdministratorAndInANetworkOfItsOwnItIsNomads() {
    String three = group("count = 3\nservice {\n" + cart("", "") + "\n}");
    List<String> shared =
        resolve(three, SidecarTask.ENVOY, Map.of()).workloads().stream()
            .map(workload -> workload.launch().orElseThrow().admin().address())
            .toList();
    Choices own = new Choices(false, false, false, true, SidecarTask.ENVOY, false);
    Desired apart =
        Resolver.resolve(
            snapshot("shop.nomad.hcl", three), Situation.of("default", NODE).with(own));

    assertThat(shared).hasSize(3).doesNotHaveDuplicates();
    assertThat(shared).allMatch(address -> address.matches("127\\.1\\.\\d+\\.\\d+:19000"));
    assertThat(apart.workloads())
        .extracting(workload -> workload.launch().orElseThrow().admin().address())
        .containsOnly("127.0.0.2:19001");
  }

  @Test
  void servicesOfOneNameHaveOneLaunchThatOfTheFirst() {
    String two =
        group(
            "service {\n"
                + cart("", "")
                + "\n}\nservice {\n"
                + cart("", "").replace("9001", "9002")
                + "\n}");
    List<Workload> workloads = resolve(two, SidecarTask.BUILTIN, Map.of()).workloads();

    assertThat(workloads).hasSize(2);
    assertThat(workloads.get(0).launch()).isEqualTo(workloads.get(1).launch());
    assertThat(workloads.get(0).launch().orElseThrow().service()).endsWith(".cart.9001");
  }

  @Test
  void aScriptThatRunsInTheProxysTaskIsThereToBeRun() {
    Workload workload = scripted("connect-proxy-cart", false).workloads().get(0);

    ScriptCheck check = workload.scripts().get(0);
    Launch launch = workload.launch().orElseThrow();
    assertThat(workload.scripts()).hasSize(1);
    assertThat(workload.registration().checks())
        .extracting(Registration.Check::id)
        .contains(check.id());
    assertThat(check.launch()).isEqualTo(launch.id());
    assertThat(launch.words(check.command(), PLACE))
        .containsExactly("/t/check", "connect-proxy-cart");
    assertThat(check.interval()).hasSeconds(10);
    assertThat(check.timeout()).hasSeconds(2);
  }

  @Test
  void aScriptInAnotherTaskIsWarnedOfWhereTasksAreRun() {
    assertThat(scripted("web", false).warnings()).isEmpty();
    assertThat(scripted("web", true).workloads().get(0).scripts()).isEmpty();
    assertThat(scripted("web", true).warnings())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("task \"web\" is not run here");
    assertThat(scripted("connect-proxy-cart", true).warnings()).isEmpty();
  }

  private static Desired scripted(String task, boolean runs) {
    String check =
        """
        check {
          type     = "script"
          task     = "%s"
          command  = "${NOMAD_TASK_DIR}/check"
          args     = ["${NOMAD_TASK_NAME}"]
          interval = "10s"
          timeout  = "2s"
        }
        """
            .formatted(task);
    return resolveWhere(job(cart("", "") + check), runs);
  }

  private static Desired resolveWhere(String spec, boolean runs) {
    return Resolver.resolve(
        snapshot("shop.nomad.hcl", spec),
        Situation.of("default", NODE).with(runs ? Choices.NONE.running() : Choices.NONE));
  }

  @Test
  void aDrawnPortIsWarnedOfWhereTasksAreRunAndTheFileThatTellsItIsNamed() {
    String spec = job("name = \"cart\"\nport = \"admin\"");
    Desired desired = resolveWhere(spec, true);

    int port = desired.workloads().get(0).registration().port();
    assertThat(desired.warnings())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("port " + port)
        .contains("groups/shop.api.0.env");
    assertThat(resolveWhere(spec, false).warnings()).isEmpty();
    assertThat(
            resolveWhere(spec.replace("\"admin\" {}", "\"admin\" { static = 80 }"), true)
                .warnings())
        .isEmpty();
    assertThat(resolveWhere(job(cart("", "")), true).warnings()).isEmpty();
  }

  @Test
  void theGroupsEnvironmentHoldsPortsAndUpstreamsAndNothingOfATask() {
    String db = "upstreams {\n destination_name = \"my-db\"\n local_bind_port = 5432\n }\n";
    Desired desired = resolveWhere(group("count = 2\nservice {\n" + cart(db, "") + "\n}"), true);

    assertThat(desired.environments()).containsOnlyKeys("shop.api.0.env", "shop.api.1.env");
    SortedMap<String, String> values = desired.environments().get("shop.api.1.env").values();
    assertThat(values)
        .containsEntry("NOMAD_ALLOC_INDEX", "1")
        .containsEntry("NOMAD_PORT_http", "8080")
        .containsEntry("NOMAD_UPSTREAM_ADDR_my_db", "127.0.0.1:5432")
        .containsKey("NOMAD_HOST_PORT_connect_proxy_cart")
        .doesNotContainKey("NOMAD_TASK_NAME");
    assertThat(values.keySet()).allMatch(name -> name.matches("NOMAD_[A-Za-z0-9_]+"));
  }
}
