package dev.connectbridge.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.spec.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits, on the control groups of this machine as they are mounted. */
class ControlGroupsIT {
  private static final Hierarchies MOUNTED = Hierarchies.ofThisMachine();

  @TempDir private Path top;
  private Workshop workshop;
  private RawExecDriver driver;

  @BeforeEach
  void open() {
    workshop = new Workshop(top);
    driver = workshop.driver();
  }

  @AfterEach
  void nothingIsLeft() throws TaskException, IOException {
    workshop.close();
  }

  private RawExecDriver driver(Hierarchies mounted) {
    return new RawExecDriver(workshop.state(), mounted, (period, beat) -> () -> {});
  }

  private void assumeLimits() {
    assumeTrue(
        new ControlGroups(MOUNTED).unable(TaskSpec.Resources.of(1, 1)).isEmpty(),
        "the control groups of this machine cannot be written");
  }

  @Test
  void aTaskThatEatsMoreMemoryThanItHasIsEndedForIt() throws Exception {
    assumeLimits();
    workshop.command("tail", "/dev/zero").resources(TaskSpec.Resources.of(100, 32));
    assertThat(driver.warnings(workshop.order())).isEmpty();

    driver.start(workshop.order());

    assertThat(workshop.awaitExit(driver))
        .isEqualTo(new Exit(OptionalInt.empty(), OptionalInt.of(9), true));
  }

  @Test
  void theGroupsOfATaskHoldItsShareAndGoWithIt() throws Exception {
    assumeLimits();
    assumeTrue(MOUNTED.own().containsKey("cpu"), "version 1");
    Path group = MOUNTED.own().get("cpu").resolve("connect-bridge/" + Workshop.ID);
    workshop.script("echo ready; sleep 1000").resources(TaskSpec.Resources.of(250, 64));
    TaskState state = workshop.startReady(driver);

    assertThat(Files.readString(group.resolve("cpu.shares"))).isEqualTo("250\n");
    assertThat(Files.readAllLines(group.resolve("cgroup.procs"))).contains(state.handle());
    driver.kill(Workshop.ID);
    driver.forget(Workshop.ID);

    assertThat(group).doesNotExist();
  }

  @Test
  void coresAreOnlyAShare() {
    TaskSpec.Resources cores =
        new TaskSpec.Resources(
            OptionalInt.empty(), OptionalInt.of(2), OptionalInt.empty(), OptionalInt.empty());

    assertThat(driver.warnings(workshop.script("exit 0").resources(cores).order()))
        .anyMatch(warning -> warning.startsWith("resources.cores: 2 is taken as a share"));
  }

  @Test
  void whereGroupsCannotBeWrittenThatIsOneWarning() {
    RawExecDriver without = driver(new Hierarchies(new TreeMap<>(), Optional.of(top)));

    Set<String> warnings =
        without.warnings(workshop.script("exit 0").resources(TaskSpec.Resources.of(1, 1)).order());

    assertThat(warnings).singleElement().asString().startsWith("no limit of memory and cpu: ");
    without.close();
  }

  /** Where version 1 has the controllers, the groups are real and hold no limits. */
  @Test
  void inVersionTwoATaskHasOneGroupThatTheNextBridgeKnowsAndRemoves() throws Exception {
    Path unified = MOUNTED.unified().orElse(top);
    assumeTrue(Files.isWritable(unified.resolve("cgroup.subtree_control")), "version 2");
    Hierarchies alone = new Hierarchies(new TreeMap<>(), Optional.of(unified));
    List<String> has =
        List.of(Files.readString(unified.resolve("cgroup.controllers")).strip().split(" ", -1));
    Path group = unified.resolve("connect-bridge/" + Workshop.ID);
    RawExecDriver first = driver(alone);
    workshop
        .script("echo ready; sleep 1000 & exec sleep 1000")
        .resources(TaskSpec.Resources.of(250, 64));
    TaskState state = workshop.startReady(first);

    assertThat(Files.readAllLines(group.resolve("cgroup.procs"))).contains(state.handle());
    if (has.contains("memory")) {
      assertThat(group.resolve("memory.max")).hasContent(String.valueOf(64L << 20));
    }
    if (has.contains("cpu")) {
      assertThat(group.resolve("cpu.weight")).hasContent("10");
    }
    assertThat(first.warnings(workshop.order()).isEmpty())
        .isEqualTo(has.containsAll(ControlGroups.CONTROLLERS));
    first.close();

    RawExecDriver next = driver(alone);
    assertThat(next.observe(workshop.owner())).containsExactly(state);
    next.kill(Workshop.ID);
    next.forget(Workshop.ID);

    assertThat(group).doesNotExist();
    assertThat(workshop.processes()).isEmpty();
    next.close();
  }
}
