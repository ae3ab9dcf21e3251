package dev.connectbridge.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.parse.SpecParser;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.testing.Specs;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Labels and names that nothing has: what is there is listed, and what is near is offered. */
class NearNamesTest {

  @Test
  void aLabelThatIsNearlyAPortsIsOffered() {
    assertThat(problems("name = \"web\"\nport = \"htpp\""))
        .containsExactly(
            "no port is labelled \"htpp\"; the group has admin, http; did you mean \"http\"?");
  }

  @Test
  void aLabelThatIsNoPortsIsNot() {
    assertThat(problems("name = \"web\"\nport = \"metrics\""))
        .containsExactly("no port is labelled \"metrics\"; the group has admin, http");
  }

  @Test
  void theListenerOfAnExposedPathIsHelpedToo() {
    assertThat(
            problems(
                """
                name = "web"
                port = "http"
                connect {
                  sidecar_service {
                    proxy {
                      expose {
                        path {
                          path = "/health"
                          local_path_port = 8080
                          listener_port = "admni"
                        }
                      }
                    }
                  }
                }
                """))
        .anyMatch(problem -> problem.endsWith("; did you mean \"admin\"?"));
  }

  @Test
  void soIsATask() {
    assertThat(problems("name = \"web\"\nport = \"http\"\ntask = \"wbe\""))
        .containsExactly("the group has no task \"wbe\"; did you mean \"web\"?");
  }

  private static List<String> problems(String serviceBody) {
    var job = SpecParser.parse("x.hcl", Specs.job(serviceBody)).jobs().get(0);
    return Admission.admit(job, Interpolation.NOTHING, AdmissionOptions.STANDARD)
        .problems()
        .stream()
        .map(Problem::message)
        .toList();
  }
}
