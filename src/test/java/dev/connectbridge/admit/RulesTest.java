package dev.connectbridge.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.parse.Parsed;
import dev.connectbridge.parse.SpecParser;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.testing.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each rule with a spec that breaks it and a twin that does not. Where the problem is expected, the
 * broken one has a {@code §}.
 */
class RulesTest {
  private static final String GROUP = "job.shop.group.api";
  private static final String SERVICE = GROUP + ".service[0]";
  private static final String SIDECAR = SERVICE + ".connect.sidecar_service";
  private static final String UPSTREAM = SIDECAR + ".proxy.upstreams";
  private static final String TASK = SERVICE + ".connect.sidecar_task";

  @ParameterizedTest(name = "{0}")
  @MethodSource({"upstreams", "names", "ports", "networks", "checks", "tasks"})
  void whatBreaksTheRuleIsRefusedWhereItStandsAndItsTwinIsAdmitted(
      String path, String message, String broken, String twin) {
    int at = broken.indexOf('§');
    List<Problem> problems = problems(broken.replace("§", ""));

    assertThat(problems).as("of the broken one").hasSize(1);
    assertThat(problems.get(0).message()).contains(message);
    assertThat(problems.get(0).path()).isEqualTo(path);
    assertThat(problems.get(0).file()).isEqualTo("shop.nomad.hcl");
    assertThat(problems.get(0).place()).isEqualTo(place(broken.substring(0, at)));
    assertThat(problems(twin)).as("of the twin").isEmpty();
  }

  private static Place place(String before) {
    return new Place(before.split("\n", -1).length, before.length() - before.lastIndexOf('\n'));
  }

  private static List<Problem> problems(String text) {
    Parsed parsed = SpecParser.parse("shop.nomad.hcl", text);
    List<Problem> problems = new ArrayList<>(parsed.problems());
    for (JobSpec job : parsed.jobs()) {
      problems.addAll(
          Admission.admit(job, Specs.NODE.values(), AdmissionOptions.STANDARD).problems());
    }
    return problems;
  }

  /** A rule: the spec around {@code broken} and {@code twin} is made by {@code around}. */
  private static Arguments rule(
      String path, String message, String around, String broken, String twin) {
    return Arguments.of(path, message, around.formatted(broken), around.formatted(twin));
  }

  private static final String PROXY =
      Specs.job(
          """
          name = "cart"
          port = "9001"
          connect {
            sidecar_service {
              proxy {
                %s
              }
            }
          }
          """);

  private static String upstream(String body) {
    return "upstreams {\n" + body + "\n}\n";
  }

  private static String twice(String first, String second) {
    return upstream("destination_name = \"a\"\n" + first)
        + upstream("destination_name = \"b\"\n" + second);
  }

  private static Arguments clash(String first, String second, String twin) {
    String key = second.contains("socket") ? "local_bind_socket_path" : "local_bind_port";
    return rule(
        UPSTREAM + "[1]." + key,
        "is already the listener of the upstream \"a\" on line 15",
        PROXY,
        twice(first, second.replace(key, "§" + key)),
        twice(first, twin));
  }

  static Stream<Arguments> upstreams() {
    String on8080 = "local_bind_port = 8080";
    return Stream.of(
        clash(on8080, on8080, "local_bind_port = 8081"),
        clash(
            on8080,
            "local_bind_address = \"127.0.0.1\"\n" + on8080,
            "local_bind_address = \"127.0.0.2\"\n" + on8080),
        clash(
            on8080,
            "local_bind_address = \"0.0.0.0\"\n" + on8080,
            "local_bind_address = \"0.0.0.0\"\nlocal_bind_port = 8081"),
        clash("local_bind_address = \"0.0.0.0\"\n" + on8080, on8080, "local_bind_port = 8081"),
        clash("local_bind_address = \"localhost\"\n" + on8080, on8080, "local_bind_port = 8081"),
        clash(
            "local_bind_address = \"::\"\n" + on8080,
            "local_bind_address = \"10.0.0.1\"\n" + on8080,
            "local_bind_address = \"10.0.0.1\"\nlocal_bind_port = 8081"),
        clash(
            "local_bind_socket_path = \"/run/a.sock\"",
            "local_bind_socket_path = \"/run/a.sock\"",
            "local_bind_socket_path = \"/run/b.sock\""),
        rule(
            UPSTREAM + "[0].local_bind_socket_path",
            "a port or on a socket",
            PROXY,
            upstream("destination_name = \"a\"\n" + on8080 + "\n§local_bind_socket_path = \"/s\""),
            upstream("destination_name = \"a\"\n" + on8080)),
        rule(
            UPSTREAM + "[0].local_bind_port",
            "between 1 and 65535",
            PROXY,
            upstream("destination_name = \"a\"\n§local_bind_port = 65536"),
            upstream("destination_name = \"a\"\nlocal_bind_port = 65535")),
        rule(
            UPSTREAM + "[0].local_bind_port",
            "needs a local_bind_port",
            PROXY,
            "§" + upstream("destination_name = \"a\""),
            upstream("destination_name = \"a\"\n" + on8080)),
        rule(
            UPSTREAM + "[0].destination_name",
            "needs a destination_name",
            PROXY,
            "§" + upstream(on8080),
            upstream("destination_name = \"a\"\n" + on8080)),
        rule(
            UPSTREAM + "[0].destination_name",
            "\"*\" is none",
            PROXY,
            upstream("§destination_name = \"*\"\n" + on8080),
            upstream("destination_name = \"a\"\n" + on8080)),
        rule(
            UPSTREAM + "[0].destination_peer",
            "a peer has no datacenter of ours",
            PROXY,
            upstream(
                "destination_name = \"a\"\n§destination_peer = \"p\"\ndatacenter = \"dc2\"\n"
                    + on8080),
            upstream("destination_name = \"a\"\ndestination_peer = \"p\"\n" + on8080)),
        rule(
            UPSTREAM + "[0].destination_partition",
            "a peer has no partition of ours",
            PROXY,
            upstream(
                "destination_name = \"a\"\ndestination_peer = \"p\"\n"
                    + "§destination_partition = \"default\"\n"
                    + on8080),
            upstream("destination_name = \"a\"\ndestination_partition = \"p\"\n" + on8080)),
        rule(
            UPSTREAM + "[0].destination_partition",
            "only the partition \"default\" is reached, not \"p\"",
            PROXY,
            upstream(
                "destination_name = \"a\"\ndatacenter = \"dc2\"\n"
                    + "§destination_partition = \"p\"\n"
                    + on8080),
            upstream(
                "destination_name = \"a\"\ndatacenter = \"dc2\"\n"
                    + "destination_partition = \"default\"\n"
                    + on8080)));
  }

  private static final String NAMED = Specs.job("%s\nport = \"9001\"");
  private static final String MESH =
      Specs.job("%s\nport = \"9001\"\nconnect {\nsidecar_service {}\n}");

  static Stream<Arguments> names() {
    String sixtyThree = "a".repeat(63);
    return Stream.of(
        rule(
            SERVICE + ".name",
            "is no service name",
            NAMED,
            "§name = \"" + sixtyThree + "a\"",
            "name = \"" + sixtyThree + "\""),
        rule(SERVICE + ".name", "is no service name", NAMED, "§name = \"a_b\"", "name = \"a-b\""),
        rule(SERVICE + ".name", "is no service name", NAMED, "§name = \"a-\"", "name = \"a\""),
        rule(SERVICE + ".name", "is no service name", NAMED, "§name = \"a.b\"", "name = \"A\""),
        rule(SERVICE + ".name", "upper-case", MESH, "§name = \"Cart\"", "name = \"cart\""),
        rule(
            SERVICE + ".name",
            "is not known when names are filled in",
            NAMED,
            "§name = \"cart-${NOMAD_ALLOC_ID}\"",
            "name = \"cart-${NOMAD_JOB_NAME}-${node.datacenter}-${meta.rack}\""),
        rule(
            GROUP + ".service[1]",
            "stands twice in the group; the first is on line 9",
            Specs.group("service {\nname = \"a\"\nport = \"http\"\n}\n%s"),
            "§service {\nname = \"a\"\nport = \"http\"\n}",
            "service {\nname = \"a\"\nport = \"admin\"\n}"),
        rule(
            SERVICE + ".task",
            "the group has no task \"wed\"",
            NAMED,
            "name = \"cart\"\n§task = \"wed\"",
            "name = \"cart\"\ntask = \"web\""),
        rule(
            GROUP,
            "two groups \"api\"",
            "job \"shop\" {\ngroup \"api\" {}\n%s}",
            "§group \"api\" {}\n",
            "group \"web\" {}\n"));
  }

  static Stream<Arguments> ports() {
    String ports = "job \"shop\" {\ngroup \"api\" {\nnetwork {\nport \"a\" {}\n%s\n}\n}\n}";
    String network = GROUP + ".network[0]";
    return Stream.of(
        rule(
            SERVICE + ".port",
            "the group has admin, http",
            Specs.job("name = \"cart\"\n%s"),
            "§port = \"htp\"",
            "port = \"http\""),
        rule(
            SERVICE + ".port",
            "between 1 and 65535, not 65536",
            Specs.job("name = \"cart\"\n%s"),
            "§port = \"65536\"",
            "port = \"65535\""),
        rule(
            network + ".port.b.static",
            "between 1 and 65535",
            ports,
            "port \"b\" {\n§static = 65536\n}",
            "port \"b\" {\nstatic = 65535\n}"),
        rule(
            network + ".port.c.static",
            "port 80 is already \"b\"",
            ports,
            "port \"b\" {\nstatic = 80\n}\nport \"c\" {\n§static = 80\n}",
            "port \"b\" {\nstatic = 80\n}\nport \"c\" {\nstatic = 80\nhost_network = \"private\"\n}"),
        rule(
            network + ".port.b.to",
            "-1 means the host port",
            ports,
            "port \"b\" {\n§to = -2\n}",
            "port \"b\" {\nto = -1\n}"),
        rule(
            network + ".port.b.to",
            "-1 means the host port",
            ports,
            "port \"b\" {\n§to = 65536\n}",
            "port \"b\" {\nto = 65535\n}"));
  }

  static Stream<Arguments> networks() {
    String around =
        "job \"shop\" {\n§group \"api\" {\n%s\nservice {\nname = \"cart\"\nport = \"9001\"\n"
            + "connect {\nsidecar_service {}\n}\n}\n}\n}";
    String unmarked = around.replace("§", "");
    String bridge = "network {\nmode = \"bridge\"\n}";
    return Stream.of(
        Arguments.of(
            GROUP,
            "exactly one network block with mode = \"bridge\", this one has 0",
            around.formatted(""),
            unmarked.formatted(bridge)),
        Arguments.of(
            GROUP,
            "this one has 2",
            around.formatted(bridge + "\n" + bridge),
            unmarked.formatted(bridge)),
        Arguments.of(
            GROUP + ".network[0].mode",
            "not \"host\"",
            unmarked.formatted("network {\n§mode = \"host\"\n}"),
            unmarked.formatted("network {\nmode = \"cni/mine\"\n}")),
        Arguments.of(
            "job.shop.group.Api",
            "upper-case letters in its name: \"Api\"",
            around.replace("\"api\"", "\"Api\"").formatted(bridge),
            unmarked.formatted(bridge)),
        rule(
            GROUP + ".shutdown_delay",
            "cannot be negative",
            Specs.group("%s"),
            "§shutdown_delay = \"-1s\"",
            "shutdown_delay = \"0s\""),
        rule(
            GROUP + ".count",
            "negative number of times",
            Specs.group("%s"),
            "§count = -1",
            "count = 0"));
  }

  private static String check(String body) {
    return "check {\n" + body + "\n}\n";
  }

  static Stream<Arguments> checks() {
    String at = SERVICE + ".check[0]";
    String service = Specs.job("name = \"cart\"\nport = \"http\"\n%s");
    String mesh = Specs.job("name = \"cart\"\nport = \"http\"\n%sconnect {\nsidecar_service {}\n}");
    String often = "interval = \"5s\"\ntimeout = \"2s\"\n";
    String http = "type = \"http\"\npath = \"/\"\n";
    return Stream.of(
        rule(
            at + ".type",
            "proves nothing",
            mesh,
            check("§type = \"tcp\"\n" + often),
            check(http + often)),
        rule(
            at + ".path",
            "needs a path",
            service,
            "§" + check("type = \"http\"\n" + often),
            check(http + often)),
        rule(
            at + ".path",
            "a path begins with \"/\"",
            service,
            check("type = \"http\"\n§path = \"http://x/\"\n" + often),
            check(http + often)),
        rule(
            at + ".interval",
            "at least 1s",
            service,
            check(http + "§interval = \"999ms\"\ntimeout = \"1s\""),
            check(http + "interval = \"1s\"\ntimeout = \"1s\"")),
        rule(
            at + ".timeout",
            "at least 1s",
            service,
            check(http + "§timeout = \"999ms\"\ninterval = \"1s\""),
            check(http + "timeout = \"1s\"\ninterval = \"1s\"")),
        rule(
            at + ".success_before_passing",
            "cannot be negative",
            service,
            check(http + often + "§success_before_passing = -1"),
            check(http + often + "success_before_passing = 1")),
        rule(
            at + ".failures_before_critical",
            "cannot be negative",
            service,
            check(http + often + "§failures_before_critical = -1"),
            check(http + often + "failures_before_critical = 1")),
        rule(
            at + ".port",
            "neither the check nor its service has a port",
            Specs.job("name = \"cart\"\n%s"),
            "§" + check("type = \"tcp\"\n" + often),
            check("type = \"tcp\"\nport = \"admin\"\n" + often)),
        rule(
            at + ".port",
            "no port is labelled \"gone\"",
            service,
            check("type = \"tcp\"\n§port = \"gone\"\n" + often),
            check("type = \"tcp\"\nport = \"admin\"\n" + often)));
  }

  static Stream<Arguments> tasks() {
    String task =
        Specs.job(
            "name = \"cart\"\nport = \"9001\"\nconnect {\nsidecar_service {}\nsidecar_task {\n%s\n}\n}");
    return Stream.of(
        rule(
            TASK + ".driver",
            "no driver is called \"dokcer\"",
            task,
            "§driver = \"dokcer\"",
            "driver = \"exec\""),
        rule(
            TASK + ".kill_signal",
            "no signal is called \"SIGNO\"",
            task,
            "§kill_signal = \"SIGNO\"",
            "kill_signal = \"SIGINT\""),
        rule(
            TASK + ".kill_timeout",
            "cannot be negative",
            task,
            "§kill_timeout = \"-1s\"",
            "kill_timeout = \"0s\""),
        rule(
            TASK + ".shutdown_delay",
            "cannot be negative",
            task,
            "§shutdown_delay = \"-1s\"",
            "shutdown_delay = \"0s\""),
        rule(
            TASK + ".resources.memory",
            "at least memory = 10",
            task,
            "§resources {\nmemory = 9\n}",
            "resources {\nmemory = 10\n}"),
        rule(
            TASK + ".resources.cpu",
            "at least cpu = 1",
            task,
            "§resources {\ncpu = -1\n}",
            "resources {\ncpu = 1\n}"),
        rule(
            TASK + ".logs.max_files",
            "at least 1",
            task,
            "§logs {\nmax_files = -1\n}",
            "logs {\nmax_files = 1\n}"),
        rule(
            TASK + ".logs",
            "may take 300 MB",
            task,
            "§logs {\nmax_files = 3\nmax_file_size = 100\n}",
            "logs {\nmax_files = 3\nmax_file_size = 99\n}"),
        rule(
            SERVICE + ".connect",
            "needs a sidecar_service block",
            Specs.job("name = \"cart\"\nport = \"9001\"\n%s"),
            "§connect {}",
            "connect {\nsidecar_service {}\n}"));
  }
}
