package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectbridge.spec.ConnectSpec.Upstream;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.Value;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The examples that Nomad's own pages on the two blocks give. */
class SeedExamplesTest {
  private static final String JOB =
      """
       job "countdash" {
         datacenters = ["dc1"]
         group "api" {
           network {
             mode = "bridge"
           }

           service {
             name = "count-api"
             port = "9001"

             connect {
               sidecar_service {}
      %s
             }
           }
           task "web" {
               driver = "docker"
               config {
                 image = "test/test:v1"
               }
           }
         }
       }

      """;

  private static ServiceSpec service(String sidecarTask) {
    Parsed parsed = SpecParser.parse("countdash.hcl", JOB.formatted(sidecarTask));
    assertThat(parsed.problems()).isEmpty();
    assertThat(parsed.warnings()).isEmpty();
    assertThat(parsed.jobs().get(0).groups().get(0).tasks().get(0).config())
        .isEqualTo(Map.of("image", new Value.Text("test/test:v1")));
    return parsed.jobs().get(0).groups().get(0).services().get(0);
  }

  @Test
  void theExampleOfTheSidecarServiceIsRead() {
    ServiceSpec service = service("");

    assertThat(service.name()).isEqualTo("count-api");
    assertThat(service.portLabel()).isEqualTo("9001");
    assertThat(service.sidecar()).isPresent();
    assertThat(service.connect().orElseThrow().sidecarTask()).isEmpty();
  }

  @Test
  void theExampleOfTheSidecarTaskIsRead() {
    ServiceSpec service =
        service("sidecar_task {\n resources {\n cpu = 500\n memory = 1024\n }\n }");

    assertThat(service.connect().orElseThrow().sidecarTask().orElseThrow().resources())
        .isEqualTo(new TaskSpec.Resources(OptionalInt.of(500), OptionalInt.of(1024)));
  }

  @Test
  void theFragmentsAreReadAndAskForAJob() {
    assertThat(Texts.problems("a.hcl", "  connect {\n    sidecar_service {}\n  }\n"))
        .containsExactly(
            "1:3: expected a job block; found connect, which belongs in job > group > service");
    assertThat(
            Texts.problems(
                "b.hcl",
                """
                   sidecar_service {
                     proxy {
                       upstreams {
                         destination_name = "count-api"
                         local_bind_port = 8080
                       }
                     }
                   }

                """))
        .containsExactly(
            "1:4: expected a job block; found sidecar_service,"
                + " which belongs in job > group > service > connect");
    assertThat(
            Texts.problems(
                "c.hcl",
                """
                   sidecar_task {
                     resources {
                       cpu = 500
                       memory = 1024
                     }

                     env {
                       FOO = "abc"
                     }

                     shutdown_delay = "5s"
                   }
                """))
        .containsExactly(
            "1:4: expected a job block; found sidecar_task,"
                + " which belongs in job > group > service > connect");
  }

  @Test
  void aFragmentInItsPlaceIsRead() {
    String upstreams =
        "connect {\nsidecar_service {\nproxy {\nupstreams {\ndestination_name = \"count-api\"\n"
            + "local_bind_port = 8080\n}\n}\n}\n}";

    assertThat(
            SpecParser.parse("x.hcl", Texts.service(upstreams))
                .jobs()
                .get(0)
                .groups()
                .get(0)
                .services()
                .get(0)
                .sidecar()
                .orElseThrow()
                .proxy()
                .upstreams())
        .extracting(Upstream::destinationName, Upstream::localBindPort)
        .containsExactly(tuple("count-api", 8080));
  }
}
