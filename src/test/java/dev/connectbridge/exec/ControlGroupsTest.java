package dev.connectbridge.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.spec.TaskSpec.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Control groups of both versions, as plain files. */
class ControlGroupsTest {
  @TempDir private Path root;

  /** Version 1 where a controller's directory is there, and version 2 where its file is. */
  private ControlGroups groups() {
    SortedMap<String, Path> own = new TreeMap<>();
    for (String controller : ControlGroups.CONTROLLERS) {
      if (Files.exists(root.resolve(controller))) {
        own.put(controller, root.resolve(controller));
      }
    }
    boolean unified = Files.exists(root.resolve("cgroup.controllers"));
    return new ControlGroups(new Hierarchies(own, unified ? Optional.of(root) : Optional.empty()));
  }

  private Path file(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.createFile(file);
  }

  @Test
  void inVersionTwoOneGroupHasAllLimits() throws IOException {
    Files.writeString(file("cgroup.controllers"), "cpuset cpu io memory pids\n");
    file("cgroup.subtree_control");
    Path memory = file("connect-bridge/web/memory.max");
    Path weight = file("connect-bridge/web/cpu.weight");
    ControlGroups groups = groups();

    assertThat(groups.unable(Resources.of(250, 128))).isEmpty();
    assertThat(groups.make("web", Resources.of(250, 128)))
        .containsExactly(root.resolve("connect-bridge/web"));

    assertThat(memory).hasContent("134217728");
    assertThat(weight).hasContent("10");
  }

  @Test
  void inVersionOneEachControllerHasItsOwn() throws IOException {
    file("memory/cgroup.procs");
    file("cpu/cgroup.procs");
    Path memory = file("memory/connect-bridge/web/memory.limit_in_bytes");
    Path shares = file("cpu/connect-bridge/web/cpu.shares");
    ControlGroups groups = groups();
    Resources more =
        new Resources(
            OptionalInt.empty(), OptionalInt.of(2), OptionalInt.of(64), OptionalInt.of(256));

    assertThat(groups.make("web", more))
        .containsExactly(
            root.resolve("memory/connect-bridge/web"), root.resolve("cpu/connect-bridge/web"));

    assertThat(memory).hasContent("268435456");
    assertThat(shares).hasContent("2000");
  }

  @Test
  void whereNothingIsAskedForNothingIsMade() throws IOException {
    Files.writeString(file("cgroup.controllers"), "cpu memory\n");
    ControlGroups groups = groups();

    assertThat(groups.unable(Resources.UNSAID)).isEmpty();
    assertThat(groups.make("web", Resources.UNSAID)).isEmpty();
    assertThat(root.resolve("connect-bridge")).doesNotExist();
  }

  @Test
  void whatTheMachineLacksIsNamed() throws IOException {
    Files.writeString(file("cgroup.controllers"), "cpu\n");
    file("cgroup.subtree_control");

    assertThat(groups().unable(Resources.of(250, 128)))
        .get()
        .asString()
        .startsWith("no limit of memory: ");
  }

  @Test
  void aControllerThatVersionOneHasIsNotAskedOfVersionTwo() throws IOException {
    Files.writeString(file("cgroup.controllers"), "cpu\n");
    file("cgroup.subtree_control");
    file("memory/cgroup.procs");
    Path memory = file("memory/connect-bridge/web/memory.limit_in_bytes");
    Path weight = file("connect-bridge/web/cpu.weight");

    assertThat(groups().unable(Resources.of(250, 128))).isEmpty();
    assertThat(groups().make("web", Resources.of(250, 128)))
        .containsExactly(
            root.resolve("memory/connect-bridge/web"), root.resolve("connect-bridge/web"));

    assertThat(memory).hasContent("134217728");
    assertThat(weight).hasContent("10");
  }

  @Test
  void whatIsNotPassedOnByTheTopIsNotHad() throws IOException {
    Files.writeString(file("cgroup.controllers"), "cpu memory\n");
    file("cgroup.subtree_control");
    Files.writeString(file("connect-bridge/cgroup.controllers"), "\n");

    assertThat(groups().unable(Resources.of(250, 128)))
        .get()
        .asString()
        .startsWith("no limit of memory and cpu: ");
  }

  @Test
  void whereNoneIsMountedNothingIsMadeAndThatIsSaid() {
    assertThat(groups().unable(Resources.of(250, 128))).isPresent();
    assertThat(groups().make("web", Resources.of(250, 128))).isEmpty();
  }

  @Test
  void anEndForWantOfMemoryIsReadInBothVersions() throws IOException {
    Files.writeString(file("one/memory.oom_control"), "under_oom 0\noom_kill 1\n");
    Files.writeString(file("two/memory.events"), "oom 3\noom_kill 2\noom_group_kill 0\n");
    Files.writeString(file("none/memory.events"), "oom 3\noom_kill 0\n");

    assertThat(ControlGroups.ranOutOfMemory(List.of(root.resolve("one")))).isTrue();
    assertThat(ControlGroups.ranOutOfMemory(List.of(root.resolve("two")))).isTrue();
    assertThat(ControlGroups.ranOutOfMemory(List.of(root.resolve("none")))).isFalse();
    assertThat(ControlGroups.ranOutOfMemory(List.of())).isFalse();
  }
}
