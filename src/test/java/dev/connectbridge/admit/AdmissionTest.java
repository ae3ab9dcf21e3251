package dev.connectbridge.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.GroupSpec.Port;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.Value;
import dev.connectbridge.testing.Specs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final String CART = "name = \"cart\"\nport = \"9001\"\n";

  private static Admitted admitted(String text) {
    JobSpec job = Specs.file("shop.nomad.hcl", text).jobs().get(0);
    return Admission.admit(job, Specs.NODE.values(), AdmissionOptions.STANDARD);
  }

  private static GroupSpec group(String text) {
    Admitted admitted = admitted(text);
    assertThat(admitted.problems()).isEmpty();
    return admitted.job().groups().get(0);
  }

  private static TaskSpec proxy(String sidecarTask, String... otherTasks) {
    String task = "connect {\nsidecar_service {}\n" + sidecarTask + "\n}";
    List<TaskSpec> proxies =
        group(Specs.group("service {\n" + CART + task + "\n}\n" + String.join("\n", otherTasks)))
            .tasks()
            .stream()
            .filter(each -> ConnectKind.isProxyTask(each.kind()))
            .toList();
    assertThat(proxies).hasSize(1);
    return proxies.get(0);
  }

  @Test
  void theTaskOfAProxyIsNomadsOwn() {
    TaskSpec task = proxy("");

    assertThat(task.name()).isEqualTo("connect-proxy-cart");
    assertThat(task.kind()).isEqualTo("connect-proxy:cart");
    assertThat(task.driver()).isEqualTo("docker");
    assertThat(task.config()).containsOnlyKeys("image", "args");
    assertThat(task.resources().cpuMhz()).hasValue(250);
    assertThat(task.resources().memoryMb()).hasValue(128);
    assertThat(task.logs().maxFiles()).hasValue(2);
    assertThat(task.logs().maxFileSizeMb()).hasValue(2);
    assertThat(task.killTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(task.shutdownDelay()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aBlockChangesWhatItSaysAndNothingElse() {
    TaskSpec plain = proxy("");

    TaskSpec task = proxy("sidecar_task {\nresources {\nmemory = 64\n}\nenv {\nA = \"1\"\n}\n}");

    assertThat(task.resources()).isEqualTo(TaskSpec.Resources.of(250, 64));
    assertThat(task.env()).isEqualTo(Map.of("A", "1"));
    assertThat(task.config()).isEqualTo(plain.config());
    assertThat(task.logs()).isEqualTo(plain.logs());
    assertThat(task.killTimeout()).isEqualTo(plain.killTimeout());
    assertThat(task.shutdownDelay()).isEqualTo(plain.shutdownDelay());
    assertThat(task.driver()).isEqualTo("docker");
  }

  @Test
  void everythingThatABlockSaysCounts() {
    TaskSpec task =
        proxy(
            """
            sidecar_task {
              name = "mine"
              user = "envoy"
              kill_signal = "SIGINT"
              kill_timeout = "7s"
              shutdown_delay = "0s"
              meta { a = "b" }
              logs { max_files = 3 }
            }
            """);

    assertThat(List.of(task.name(), task.user(), task.killSignal()))
        .containsExactly("mine", "envoy", "SIGINT");
    assertThat(task.killTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(task.shutdownDelay()).isZero();
    assertThat(task.meta()).isEqualTo(Map.of("a", "b"));
    assertThat(task.logs()).isEqualTo(TaskSpec.Logs.of(3, 2));
  }

  @Test
  void aKillTimeoutOfNothingIsTheDefault() {
    assertThat(proxy("sidecar_task {\nkill_timeout = \"0s\"\n}").killTimeout())
        .isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void theSameDriverKeepsTheConfigurationUnderItsOwn() {
    TaskSpec task =
        proxy("sidecar_task {\ndriver = \"docker\"\nconfig {\nimage = \"mine\"\ndns = true\n}\n}");

    assertThat(task.config())
        .containsOnlyKeys("image", "args", "dns")
        .containsEntry("image", new Value.Text("mine"));
  }

  @Test
  void anotherDriverReplacesTheConfiguration() {
    TaskSpec task =
        proxy("sidecar_task {\ndriver = \"exec\"\nconfig {\ncommand = \"/envoy\"\n}\n}");

    assertThat(task.config()).isEqualTo(Map.of("command", new Value.Text("/envoy")));
  }

  @Test
  void whereTheGroupRunsPodmanAloneSoDoesTheProxy() {
    String job =
        Specs.group("service {\n" + CART + "connect {\nsidecar_service {}\n}\n}")
            .replace("\"docker\"", "\"podman\"");

    assertThat(group(job).tasks()).extracting(TaskSpec::driver).containsOnly("podman");
    assertThat(proxy("", "task \"p\" {\ndriver = \"podman\"\n}").driver()).isEqualTo("docker");
  }

  @Test
  void aNameThatIsTakenGetsSixDigitsThatAreTheSameEveryTime() {
    String taken = "task \"connect-proxy-cart\" {\ndriver = \"docker\"\n}";

    String name = proxy("", taken).name();

    assertThat(name).matches("connect-proxy-cart-[0-9a-f]{6}").isEqualTo(proxy("", taken).name());
  }

  @Test
  void theSidecarGetsAPortOfItsOwnMappedToItself() {
    GroupSpec group = group(Specs.job(CART + "connect {\nsidecar_service {}\n}"));

    assertThat(group.networks().get(0).ports())
        .extracting(Port::label)
        .containsExactly("http", "admin", "connect-proxy-cart");
    assertThat(group.networks().get(0).ports().get(2).to()).hasValue(-1);
  }

  @Test
  void aPortThatTheSpecNamesIsNotAddedAgain() {
    GroupSpec group =
        group(Specs.job(CART + "connect {\nsidecar_service {\nport = \"admin\"\n}\n}"));

    assertThat(group.networks().get(0).ports()).hasSize(2);
  }

  @Test
  void admittingTwiceIsAdmittingOnce() {
    String job =
        Specs.job(
            CART
                + "connect {\nsidecar_service {}\nsidecar_task {\nname = \"mine\"\n"
                + "driver = \"exec\"\nconfig {\ncommand = \"/e\"\n}\nenv {\nA = \"1\"\n}\n}\n}");
    Admitted once = admitted(job);

    assertThat(Admission.admit(once.job(), Specs.NODE.values(), AdmissionOptions.STANDARD))
        .isEqualTo(once);
  }

  @Test
  void aServiceWithoutASidecarChangesNothing() {
    JobSpec job = Specs.file("shop.nomad.hcl", Specs.job(CART)).jobs().get(0);

    assertThat(Admission.admit(job, Specs.NODE.values(), AdmissionOptions.STANDARD))
        .isEqualTo(new Admitted(job, List.of(), List.of()));
  }

  @Test
  void aServiceWithoutANameIsCalledAfterJobAndGroup() {
    assertThat(group(Specs.job("port = \"9001\"")).services())
        .extracting(ServiceSpec::name)
        .containsExactly("shop-api");
  }

  @Test
  void namesAreMadeOfWhatIsKnownAtSubmission() {
    String name = "name = \"${JOB}-${TASKGROUP}-${NOMAD_ALLOC_INDEX}-${meta.rack}\"";

    assertThat(group(Specs.job(name + "\nport = \"9001\"")).services())
        .extracting(ServiceSpec::name)
        .containsExactly("shop-api-0-r7");
  }

  @Test
  void aPortOfTheSidecarWithoutAMappingIsWorthAWord() {
    Admitted admitted =
        admitted(Specs.job(CART + "connect {\nsidecar_service {\nport = \"admin\"\n}\n}"));

    assertThat(admitted.warnings())
        .extracting(Problem::message)
        .containsExactly("port \"admin\" is declared without `to`; the proxy binds the host port");
  }
}
