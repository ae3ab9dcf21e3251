package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.Bridge;
import dev.connectbridge.control.ControlClient;
import dev.connectbridge.control.ControlException;
import dev.connectbridge.control.ControlSocket;
import dev.connectbridge.control.Request;
import dev.connectbridge.host.DataDirectory;
import dev.connectbridge.source.JobList;
import dev.connectbridge.testing.FakeAgent;
import dev.connectbridge.testing.FakeCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DoorTest {
  @TempDir private Path top;
  private Path data;
  private Bridge bridge;
  private Door door;

  @BeforeEach
  void start() {
    data = top.resolve("data");
    bridge =
        Bridge.builder()
            .agent(new FakeAgent(), new FakeCatalog("node"))
            .source(new JobList("shop"))
            .runDirectory(top.resolve("run"))
            .dataDirectory(data)
            .build();
    bridge.start();
    await().until(bridge::isWorking);
    door = new Door(bridge, data);
    door.look();
  }

  @AfterEach
  void end() {
    door.close();
    bridge.close();
  }

  private boolean answers() {
    try {
      ControlClient.of(data).ask(new Request.Status(), Optional.of(Duration.ofSeconds(10)));
      return true;
    } catch (ControlException e) {
      return false;
    }
  }

  private void remove(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.walk(directory)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  @Test
  void aDirectoryThatWasRemovedIsMadeAgainWithASocketInIt() throws IOException {
    assertThat(answers()).isTrue();
    remove(data);
    assertThat(answers()).isFalse();

    door.look();

    assertThat(answers()).isTrue();
    assertThat(DataDirectory.openness(data)).isEmpty();
  }

  @Test
  void aSocketAtWhichAnotherAnswersIsLeftAloneUntilThatEnds() throws IOException {
    Path socket = data.resolve("control.sock");
    Files.delete(socket);
    try (ControlSocket other = ControlSocket.open(data, new RunningBridge(bridge))) {
      door.look();
      assertThat(other.isInPlace()).isTrue();
    }
    assertThat(socket).doesNotExist();

    door.look();

    assertThat(answers()).isTrue();
  }

  @Test
  void nobodyHasToLookByHand() throws IOException {
    door.close();
    door = Door.open(bridge, data);
    Files.delete(data.resolve("control.sock"));

    await().until(this::answers);
  }

  @Test
  void whatIsClosedIsNotOpenedAgain() throws IOException {
    door.close();
    door.look();

    assertThat(data.resolve("control.sock")).doesNotExist();
  }
}
