package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real agents, each synced by somebody of one owner, and an address that changes. */
class AnotherNodeIT {
  private static final String JOB =
      """
      job "%1$s" {
        group "g" {
          service {
            name = "%1$s"
          }
        }
      }
      """;

  @TempDir private Path temp;
  private RealConsul here;
  private RealConsul there;

  @BeforeEach
  void start() throws IOException {
    here = RealConsul.dev();
    there = RealConsul.dev();
    specs("here", "ours");
    specs("there", "one", "two", "three");
  }

  @AfterEach
  void end() {
    here.close();
    there.close();
  }

  private void specs(String directory, String... jobs) throws IOException {
    Path made = Files.createDirectory(temp.resolve(directory));
    Files.createDirectory(temp.resolve(directory + "-data"));
    for (String job : jobs) {
      Files.writeString(made.resolve(job + ".hcl"), JOB.formatted(job));
    }
  }

  /** Syncs what one of the two wants, as its cron does, at an agent. */
  private Typed sync(RealConsul agent, String specs, String... more) throws IOException {
    Path config =
        Files.writeString(
            temp.resolve(specs + ".yaml"),
            "data_dir: %1$s/%2$s-data\nrun_dir: %1$s/run\n".formatted(temp, specs));
    List<String> line = new ArrayList<>(List.of("sync", "--config", config.toString()));
    line.addAll(Arrays.asList(more));
    line.add(temp.resolve(specs).toString());
    return Typed.in(Map.of("CONSUL_HTTP_ADDR", agent.address()), line.toArray(String[]::new));
  }

  private static void done(Typed typed) {
    assertThat(typed.exit()).as(typed.out() + typed.err()).isZero();
  }

  private static List<String> names(RealConsul agent) throws IOException {
    List<String> names = new ArrayList<>();
    new ObjectMapper()
        .readTree(agent.get("/v1/agent/services"))
        .forEach(service -> names.add(service.path("Service").asText()));
    return names;
  }

  @Test
  void anAddressThatLeadsToAnotherNodeTakesNothingAwayThereUntilSomebodySaysSo() throws Exception {
    done(sync(here, "here"));
    done(sync(there, "there"));

    Typed refused = sync(there, "here");

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .contains("one.g[0], three.g[0], two.g[0] would be deregistered, and stay")
        .contains("the agent is another one");
    assertThat(names(there)).containsExactlyInAnyOrder("one", "two", "three", "ours");
    done(sync(here, "here"));
    assertThat(names(here)).containsExactly("ours");

    done(sync(there, "here", "--force"));

    assertThat(names(there)).containsExactly("ours");
    done(sync(there, "here"));
  }
}
