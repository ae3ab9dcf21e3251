package dev.connectbridge.exec;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.sidecar.TaskDriver.Ran;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.sidecar.TaskState.Exit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What signals, the end, and commands beside it do to a real process and to what it started. */
class SignalledTaskIT {
  private static final Duration LONG = Duration.ofSeconds(20);

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

  @ParameterizedTest
  @CsvSource({"'',INT", "SIGINT,INT", "SIGQUIT,QUIT", "usr1,USR1", "SIGTERM,TERM"})
  void theTaskHearsTheSignalThatItsSpecNames(String signal, String heard) throws Exception {
    workshop.script(
        "for s in INT QUIT USR1 TERM; do trap \"echo heard $s; exit 0\" $s; done; echo ready; "
            + "while :; do sleep 1000 & wait; done");
    workshop.startReady(driver);

    driver.signal(Workshop.ID, signal);

    assertThat(workshop.awaitExit(driver)).isEqualTo(Exit.code(0));
    assertThat(workshop.stdout()).endsWith("heard " + heard + "\n");
  }

  @Test
  void whatTheTaskStartedHearsTheSignalToo() throws Exception {
    workshop.script(
        "trap : USR2; sh -c 'trap \"echo child; exit 0\" USR2; echo ready; while :; do sleep 1000"
            + " & wait; done' & wait; wait; echo parent; exit 4");
    workshop.startReady(driver);

    driver.signal(Workshop.ID, "SIGUSR2");

    assertThat(workshop.awaitExit(driver)).isEqualTo(Exit.code(4));
    assertThat(workshop.stdout()).contains("child\n").contains("parent\n");
  }

  @Test
  void aSignalThatEndsTheTaskIsReportedAsOne() throws Exception {
    workshop.script("echo ready; exec sleep 1000");
    workshop.startReady(driver);

    driver.signal(Workshop.ID, "SIGTERM");

    assertThat(workshop.awaitExit(driver)).isEqualTo(Exit.signal(15));
  }

  @Test
  void aTaskThatHearsASignalAndReturnsAsShellsDoHasReturned() throws Exception {
    workshop.script("trap 'exit 130' INT; echo ready; while :; do sleep 1000 & wait; done");
    workshop.startReady(driver);

    driver.signal(Workshop.ID, "");

    assertThat(workshop.awaitExit(driver)).isEqualTo(Exit.code(130));
  }

  @Test
  void anUnknownSignalIsRefusedAndNobodyIsNoError() throws Exception {
    Assertions.assertThatThrownBy(() -> driver.signal(Workshop.ID, "SIGNOPE"))
        .isInstanceOfSatisfying(
            TaskException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));

    driver.signal(Workshop.ID, "SIGTERM");
    driver.kill(Workshop.ID);
    driver.forget(Workshop.ID);
  }

  @Test
  void killEndsWhateverTheTaskStartedInOtherSessionsAndWithoutItsMark() throws Exception {
    workshop.script(
        "trap '' INT TERM; setsid sleep 1000 & env -i sleep 1000 & sleep 1000 & echo ready; wait");
    TaskState state = workshop.startReady(driver);
    Proc proc = new Proc(Path.of("/proc"));
    long session = Long.parseLong(state.handle());
    await().atMost(LONG).until(() -> workshop.processes().size() == 3);

    driver.kill(Workshop.ID);

    assertThat(workshop.processes()).isEmpty();
    assertThat(proc.living()).noneMatch(entry -> entry.session() == session);
    assertThat(workshop.state(driver).flatMap(TaskState::exit)).contains(Exit.signal(9));
  }

  @Test
  void theOrphansOfADeadLeaderEndWhenItIsForgotten() throws Exception {
    driver.start(workshop.script("sleep 1000 & setsid sleep 1000 & exit 5").order());
    assertThat(workshop.awaitExit(driver)).isEqualTo(Exit.code(5));
    await().atMost(LONG).until(() -> workshop.processes().size() == 2);

    driver.forget(Workshop.ID);

    assertThat(workshop.processes()).isEmpty();
    assertThat(workshop.state(driver)).isEmpty();
  }

  @Test
  void theOrphansOfADeadLeaderHearTheSignal() throws Exception {
    driver.start(workshop.script("sleep 1000 & exit 5").order());
    workshop.awaitExit(driver);

    driver.signal(Workshop.ID, "SIGTERM");

    await().atMost(LONG).until(() -> workshop.processes().isEmpty());
  }

  @Test
  void aCommandBesideTheTaskHasItsEnvironmentAndDirectory() throws Exception {
    workshop.script("cd /; echo ready; exec sleep 1000").env("FOO", "from the task");
    workshop.startReady(driver);

    Ran ran = run("echo $FOO; pwd; echo also >&2; exit 2");

    assertThat(ran).isEqualTo(new Ran(2, "from the task\n/\nalso\n"));
  }

  private Ran run(String script) throws TaskException {
    return driver.run(Workshop.ID, List.of("sh", "-c", script), LONG);
  }

  @Test
  void aCommandBesideTheTaskRunsAsItsUser() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(new Accounts().isRoot(), "needs root");
    workshop.script("echo ready; exec sleep 1000").user("nobody");
    workshop.startReady(driver);

    assertThat(run("id -un").output()).isEqualTo("nobody\n");
  }

  @Test
  void ofWhatACommandWritesOnlyTheBeginningIsKept() throws Exception {
    workshop.script("echo ready; exec sleep 1000");
    workshop.startReady(driver);

    Ran ran = run("head -c 1000000 /dev/zero | tr '\\0' x");

    assertThat(ran.code()).isZero();
    assertThat(ran.output()).isEqualTo("x".repeat(4096));
  }

  @Test
  void aCommandThatTakesTooLongEndsWithAllThatItStartedAndTheTaskDoesNot() throws Exception {
    workshop.script("echo ready; exec sleep 1000");
    TaskState state = workshop.startReady(driver);

    Ran ran =
        driver.run(
            Workshop.ID,
            List.of("sh", "-c", "echo begun; setsid sleep 1000 & sleep 1000"),
            Duration.ofSeconds(3));

    assertThat(ran).isEqualTo(new Ran(-1, "begun\n"));
    long task = Long.parseLong(state.handle());
    await().atMost(LONG).until(() -> workshop.processes().equals(List.of(task)));
  }

  @Test
  void aCommandThatIsNotThereIsRefused() throws Exception {
    workshop.script("echo ready; exec sleep 1000");
    workshop.startReady(driver);

    Assertions.assertThatThrownBy(() -> driver.run(Workshop.ID, List.of("no-such-check"), LONG))
        .hasMessageContaining("\"no-such-check\"");
  }

  @Test
  void besideATaskThatHasEndedNothingIsRun() throws Exception {
    driver.start(workshop.script("exit 0").order());
    workshop.awaitExit(driver);

    await().atMost(20, SECONDS).until(() -> workshop.processes().isEmpty());
    Assertions.assertThatThrownBy(() -> run("true")).hasMessageContaining("does not run");
  }
}
