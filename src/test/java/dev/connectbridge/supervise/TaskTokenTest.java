package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.launch.Launch;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Resolver;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.testing.FakeDriver;
import dev.connectbridge.testing.Proxied;
import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The token is written for those tasks that ask the agent, and for no others. */
class TaskTokenTest {
  @TempDir private Path temp;
  private final FakeDriver driver = new FakeDriver();

  private Path start(boolean own) {
    Launch launch = launch(own);
    TaskHands hands =
        new TaskHands(
            List.of(driver),
            "default",
            Optional.of(new TaskFiles(temp)),
            new TokenInAFile(),
            lanes(),
            Runnable::run);
    Wants wants = new Wants(hands);
    List<TaskHands.Started> started = new ArrayList<>();
    wants.see(resolved(own), Set.of());
    hands.start(launch, wants.all().get(Wants.id(launch)).record(), started::add);
    assertThat(started).singleElement().satisfies(one -> assertThat(one.error()).isEmpty());
    return driver.order(Wants.id(launch)).dirs().secrets().resolve("token");
  }

  private static Desired resolved(boolean own) {
    String spec = Proxied.of("shop", "shop", 9001).hcl();
    if (!own) {
      spec = spec.replaceAll("(?s)sidecar_task \\{.*?\\}.*?\\}", "");
    }
    return Resolver.resolve(
        Specs.snapshot("shop.hcl", spec),
        Situation.of("default", Specs.NODE).with(Choices.NONE.with(SidecarTask.BUILTIN).running()));
  }

  private static Launch launch(boolean own) {
    return resolved(own).workloads().get(0).launch().orElseThrow();
  }

  private static Lanes lanes() {
    return new Lanes() {
      @Override
      public void run(Lane lane, String of, Runnable work) {
        work.run();
      }

      @Override
      public void close() {}
    };
  }

  private static final class TokenInAFile implements AgentAccess {
    @Override
    public SortedMap<String, String> variables(Path here, Path inside) throws IOException {
      Files.writeString(here.resolve("token"), "s3cret");
      return new TreeMap<>(Map.of("CONSUL_HTTP_TOKEN_FILE", inside.resolve("token").toString()));
    }

    @Override
    public void withhold(Path here) throws IOException {
      Files.deleteIfExists(here.resolve("token"));
    }
  }

  @Test
  void theBuiltInProxyIsToldWhereItIs() {
    Path token = start(false);

    assertThat(token).hasContent("s3cret");
  }

  @Test
  void aTaskOfItsAuthorsHasNoneAndLosesTheOneThatWasThere() {
    start(false);
    driver.die(driver.running().get(0), Exit.code(1));

    Path token = start(true);

    assertThat(token.getParent()).isEmptyDirectory();
  }
}
