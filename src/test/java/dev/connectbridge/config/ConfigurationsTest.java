package dev.connectbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.config.Configuration.Access;
import dev.connectbridge.config.Configuration.Running;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.http.Tls;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Drift;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.testing.Planted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationsTest {
  @TempDir private Path temp;
  private Path file;

  @BeforeEach
  void name() {
    file = temp.resolve("bridge.yaml");
  }

  @Test
  void withoutAnythingSaidTheDefaultsHold() {
    Loaded loaded = Configurations.load(Arguments.NONE, Map.of());

    assertThat(loaded).isEqualTo(new Loaded(Configuration.DEFAULTS, List.of(), List.of()));
  }

  @Test
  void theShippedFileHoldsTheDefaults() {
    Loaded loaded = Configurations.load(said(Path.of("config/connect-bridge.yaml")), Map.of());

    assertThat(loaded).isEqualTo(new Loaded(Configuration.DEFAULTS, List.of(), List.of()));
  }

  @Test
  void anEmptyFileSaysNothing() throws IOException {
    assertThat(load("# nothing\n").configuration()).isEqualTo(Configuration.DEFAULTS);
  }

  @Test
  void everyKeyIsRead() throws IOException {
    Configuration all =
        load("""
                owner: web
                consul:
                  address: unix:///run/consul.sock
                  writes_per_second: 300
                  session_lock: off
                  drains_per_second: 70
                  ca_file: ca.pem
                  cert_file: cli.pem
                  key_file: cli-key.pem
                  tls_server_name: server.dc1.consul
                  tls_verify: false
                  service_token_files:
                    web: web.token
                specs: [a, b/c]
                data_dir: data
                run_dir: run
                node:
                  name: n1
                  datacenter: dc2
                  address: 10.0.0.1
                  attributes:
                    kernel.name: linux
                  meta:
                    rack: 7
                  host_networks:
                    private: 10.1.0.1
                ports:
                  min: 25000
                  max: 26000
                resync: 1m30s
                on_exit: leave
                any_datacenter: true
                group_network: own
                nomad_compatible_defaults: true
                envoy_stats_tags: true
                default_sidecar_task: builtin
                tasks: leave
                docker: unix:///run/podman.sock
                drain_floor: 3s
                unproven: hold
                unproven_hold: 90s
                before_deregister: critical
                drift: keep-tags
                keep_last_instance: true
                """)
            .configuration();

    assertThat(all)
        .isEqualTo(
            new Configuration(
                "web",
                "unix:///run/consul.sock",
                Token.NONE,
                List.of(Path.of("a"), Path.of("b/c")),
                Path.of("data"),
                Optional.of(Path.of("run")),
                new Node(
                    "",
                    "n1",
                    "dc2",
                    "10.0.0.1",
                    new TreeMap<>(Map.of("private", "10.1.0.1")),
                    new TreeMap<>(Map.of("kernel.name", "linux")),
                    new TreeMap<>(Map.of("rack", "7"))),
                25000,
                26000,
                Duration.ofSeconds(90),
                true,
                new Choices(true, true, true, true, SidecarTask.BUILTIN, false),
                Drift.KEEP_TAGS,
                true,
                new Running(
                    false,
                    "unix:///run/podman.sock",
                    new DrainPolicy(
                        Duration.ofSeconds(3), Optional.of(Duration.ofSeconds(90)), true)),
                new Access(
                    new Tls(
                        Optional.of(Path.of("ca.pem")),
                        Optional.of(Path.of("cli.pem")),
                        Optional.of(Path.of("cli-key.pem")),
                        Optional.of("server.dc1.consul"),
                        false),
                    new TreeMap<>(Map.of("web", Path.of("web.token"))),
                    300,
                    70,
                    false)));
  }

  @Test
  void whatIsWrongIsSaidAtItsPlaceAllAtOnce() throws IOException {
    assertThat(
            problems(
                """
                ownr: web
                owner: a b
                consul:
                  adress: here
                specs: []
                ports:
                  min: 30000
                  max: 20000
                resync: 30
                on_exit: deregistre
                any_datacenter: perhaps
                """))
        .containsExactly(
            "1:1: unknown key \"ownr\" in the configuration; did you mean \"owner\"? (ownr)",
            "2:1: expected 1 to 64 letters, digits, dots, dashes and underscores (owner)",
            "4:3: unknown key \"adress\" in consul; did you mean \"address\"? (consul.adress)",
            "5:1: expected at least one directory or file (specs)",
            "8:3: less than min, which is 30000 (ports.max)",
            "9:9: the bare number 30 would mean nanoseconds to Nomad;"
                + " write a span of time with its unit, such as \"30s\" (resync)",
            "10:10: expected one of deregister, leave, found \"deregistre\";"
                + " did you mean \"deregister\"? (on_exit)",
            "11:17: expected true or false, found \"perhaps\" (any_datacenter)");
  }

  @Test
  void portsAndResyncHaveBounds() throws IOException {
    assertThat(problems("ports: {min: 0, max: 70000}\nresync: 10ms\n"))
        .containsExactly(
            "1:9: expected a port from 1 to 65535, found 0 (ports.min)",
            "1:17: expected a port from 1 to 65535, found 70000 (ports.max)",
            "2:1: expected at least 1s (resync)");
  }

  @Test
  void aFileThatIsNoYamlIsSaidSo() throws IOException {
    assertThat(problems("owner: [a\n")).hasSize(1).first().asString().startsWith("2:1: ");
    assertThat(problems("- owner\n"))
        .containsExactly("1:1: expected the configuration, found a list");
    assertThat(problems("owner: a\nowner: b\n")).hasSize(1);
  }

  @Test
  void aFileThatIsNotThereIsAProblem() {
    assertThat(Configurations.load(said(file), Map.of()).problems())
        .extracting(Object::toString)
        .containsExactly(file + ":1:1: there is no such file");
  }

  @Test
  void theCommandLineComesBeforeTheFile() throws IOException {
    Files.writeString(
        file, "owner: f\nspecs: [f]\ndata_dir: f\nrun_dir: f\nany_datacenter: false\n");
    Arguments said =
        new Arguments(
            Optional.of(file),
            Optional.empty(),
            Optional.of("c"),
            true,
            true,
            Optional.of(Path.of("c")),
            Optional.of(Path.of("c")),
            List.of(Path.of("c")));

    Configuration all = Configurations.load(said, Map.of()).configuration();

    assertThat(all.owner()).isEqualTo("c");
    assertThat(all.specs()).containsExactly(Path.of("c"));
    assertThat(all.dataDirectory()).isEqualTo(Path.of("c"));
    assertThat(all.runDirectory()).contains(Path.of("c"));
    assertThat(all.choices())
        .isEqualTo(new Choices(true, true, false, false, SidecarTask.NOMAD, false));
  }

  @Test
  void aTokenMayStandInTheConfigurationAndIsNeverShown() throws IOException {
    String secret = Planted.secret("configured-token");
    Loaded loaded = load("consul:\n  token: " + secret + "\n");

    assertThat(loaded.configuration().token().get()).contains(secret);
    assertThat(loaded.configuration().token().file()).contains(file);
    assertThat(loaded.configuration().toString()).doesNotContain(secret);
    assertThat(problems("consul:\n  token: " + secret + "\n  token_file: t\n"))
        .singleElement()
        .asString()
        .contains("there is a token_file as well")
        .doesNotContain(secret);
  }

  @Test
  void theEnvironmentComesBeforeTheFile() throws IOException {
    Files.writeString(file, "consul:\n  address: file:1\n  token_file: " + temp.resolve("t"));
    Files.writeString(temp.resolve("t"), "from-the-file\n");

    Configuration file = Configurations.load(said(this.file), Map.of()).configuration();
    Configuration environment =
        Configurations.load(
                said(this.file), Map.of("CONSUL_HTTP_ADDR", "env:2", "CONSUL_HTTP_TOKEN", "env"))
            .configuration();

    assertThat(file.agent()).isEqualTo("file:1");
    assertThat(file.token().get()).contains("from-the-file");
    assertThat(environment.agent()).isEqualTo("env:2");
    assertThat(environment.token().get()).contains("env");
  }

  @Test
  void aNodeFileTakesThePlaceOfTheNodeSection() throws IOException {
    Files.writeString(file, "node:\n  name: section\n  address: 10.0.0.1\n");
    Path node = temp.resolve("node.json");
    Files.writeString(
        node,
        """
        {"ID": "id", "Name": "n", "Datacenter": "dc1", "Attributes": {"cpu.numcores": 4},
         "Meta": null, "HostNetworks": {"private": "10.1.0.1"}, "Status": {"anything": []}}
        """);

    assertThat(Configurations.load(withNode(node), Map.of()).configuration().node())
        .isEqualTo(
            new Node(
                "id",
                "n",
                "dc1",
                "",
                new TreeMap<>(Map.of("private", "10.1.0.1")),
                new TreeMap<>(Map.of("cpu.numcores", "4")),
                new TreeMap<>()));
  }

  @Test
  void aNodeFileOfTheWrongTypesIsRefused() throws IOException {
    Path node = temp.resolve("node.json");
    Files.writeString(node, "{\"Name\": [],\n \"Meta\": \"x\"}");

    assertThat(Configurations.load(withNode(node), Map.of()).problems())
        .extracting(Object::toString)
        .containsExactly(
            node + ":1:10: expected a text, found a list (Name)",
            node + ":2:10: expected a map of names and values, found \"x\" (Meta)");
  }

  private Arguments withNode(Path node) {
    return new Arguments(
        Files.exists(file) ? Optional.of(file) : Optional.empty(),
        Optional.of(node),
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static Arguments said(Path file) {
    return new Arguments(
        Optional.of(file),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private Loaded load(String text) throws IOException {
    Files.writeString(file, text);
    Loaded loaded = Configurations.load(said(file), Map.of());
    assertThat(loaded.problems()).isEmpty();
    return loaded;
  }

  private List<String> problems(String text) throws IOException {
    Files.writeString(file, text);
    return Configurations.load(said(file), Map.of()).problems().stream()
        .map(problem -> problem.toString().replace(file + ":", ""))
        .toList();
  }
}
