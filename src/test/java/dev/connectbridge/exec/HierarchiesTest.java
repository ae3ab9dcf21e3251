package dev.connectbridge.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HierarchiesTest {

  @Test
  void versionTwoAloneHasEverything() {
    Hierarchies found =
        Hierarchies.of(
            """
            proc /proc proc rw,nosuid 0 0
            cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate 0 0
            """);

    assertThat(found.own()).isEmpty();
    assertThat(found.unified()).contains(Path.of("/sys/fs/cgroup"));
  }

  @Test
  void eachControllerOfVersionOneStandsWhereItIsMounted() {
    Hierarchies found =
        Hierarchies.of(
            """
            tmpfs /sys/fs/cgroup tmpfs ro,mode=755 0 0
            cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nosuid 0 0
            cgroup /sys/fs/cgroup/systemd cgroup rw,xattr,name=systemd 0 0
            cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,cpu,cpuacct 0 0
            cgroup /mnt/of\\040mine cgroup rw,memory 0 0
            cgroup /mnt/again cgroup rw,memory 0 0
            """);

    assertThat(found.own())
        .isEqualTo(
            Map.of(
                "cpu", Path.of("/sys/fs/cgroup/cpu,cpuacct"), "memory", Path.of("/mnt/of mine")));
    assertThat(found.unified()).contains(Path.of("/sys/fs/cgroup/unified"));
  }

  @Test
  void whereNoneIsMountedThereIsNone() {
    Hierarchies found = Hierarchies.of("proc /proc proc rw 0 0\nnonsense\n");

    assertThat(found.own()).isEmpty();
    assertThat(found.unified()).isEmpty();
  }
}
