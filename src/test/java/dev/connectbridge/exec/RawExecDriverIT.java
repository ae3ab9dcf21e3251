package dev.connectbridge.exec;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each word of a sidecar task does to a real process. */
class RawExecDriverIT {
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

  private static void assumeRoot() {
    assumeTrue(new Accounts().isRoot(), "only root can run a task as somebody else");
  }

  @Test
  void theCommandRunsWithItsArgumentsInItsOwnDirectoryAndSession() throws Exception {
    workshop.script("echo \"$0 $1\"; pwd; echo oops >&2; echo ready; exec sleep 1000");

    TaskState state = workshop.startReady(driver);

    long pid = Long.parseLong(state.handle());
    Proc.Entry entry = new Proc(Path.of("/proc")).entry(pid).orElseThrow();
    assertThat(workshop.stdout()).contains(workshop.dirs().local().toRealPath().toString() + "\n");
    assertThat(workshop.stderr()).isEqualTo("oops\n");
    assertThat(entry.session()).isEqualTo(pid).isEqualTo(entry.group());
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    await()
        .atMost(20, SECONDS)
        .until(() -> process.info().command().filter(name -> name.endsWith("/sleep")).isPresent());
    assertThat(workshop.state(driver)).contains(state).get().matches(TaskState::isRunning);
  }

  @Test
  void theLogsAreNamedAfterTheTaskAndNobodyElseReadsThem() throws Exception {
    workshop.script("echo ready; exec sleep 1000");

    workshop.startReady(driver);

    Path log = workshop.dirs().logs().resolve("connect-proxy-web.stdout.0");
    Path note = workshop.state().resolve(Workshop.ID + ".task");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(note)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(workshop.state())))
        .isEqualTo("rwx------");
  }

  @Test
  void theEnvironmentIsTheOneThatWasOrderedAndNothingElse() throws Exception {
    workshop.command("env").env("FOO", "a b=c").env("PATH", "/usr/bin:/bin").env("odd.name", "1");

    driver.start(workshop.order());

    assertThat(workshop.awaitExit(driver)).isEqualTo(Exit.code(0));
    assertThat(workshop.stdout().lines())
        .containsExactlyInAnyOrder(
            "FOO=a b=c",
            "PATH=/usr/bin:/bin",
            "odd.name=1",
            "CONNECT_BRIDGE_TASK=" + new Mark(workshop.owner(), Workshop.ID, "hash-1").text());
  }

  @Test
  void aPathIsGivenWhereNoneIsOrdered() throws Exception {
    workshop.command("env");

    driver.start(workshop.order());

    workshop.awaitExit(driver);
    assertThat(workshop.stdout()).contains("PATH=" + System.getenv("PATH") + "\n");
  }

  @Test
  void aTaskRunsAsItsUserAndOwnsItsDirectoriesAndLogs() throws Exception {
    assumeRoot();
    Files.writeString(workshop.dirs().secrets().resolve("token"), "s");
    workshop
        .script(
            "id -un; id -gn; cat ../secrets/token; touch mine; echo more > /dev/stderr; echo"
                + " $LD_BIND_NOW; grep -c x; echo ready; exec sleep 1000")
        .env("LD_BIND_NOW", "passed-on")
        .user("nobody");

    TaskState state = workshop.startReady(driver);

    assertThat(workshop.stdout()).startsWith("nobody\nnogroup\nspassed-on\n");
    assertThat(workshop.stderr()).isEqualTo("more\n");
    assertThat(Files.getOwner(workshop.dirs().local().resolve("mine")).getName())
        .isEqualTo("nobody");
    assertThat(Files.getOwner(workshop.dirs().logs()).getName()).isEqualTo("root");
    assertThat(new Proc(Path.of("/proc")).user(Long.parseLong(state.handle()))).contains("65534");
    assertThat(driver.warnings(workshop.order())).isEmpty();
  }

  @Test
  void theLoaderIsNotToldAnythingBeforeTheUserHasChanged() throws Exception {
    assumeRoot();
    workshop.script("exit 0").env("LD_PRELOAD", "/nowhere/evil.so").user("nobody");

    driver.start(workshop.order());

    assertThat(workshop.awaitExit(driver)).isEqualTo(Exit.code(0));
    assertThat(workshop.stderr().lines()).as("one complaint, by the task itself").hasSize(1);
  }

  @Test
  void aUserThatCannotReachItsDirectoryIsAWarning() throws Exception {
    assumeRoot();
    Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwx------"));

    assertThat(driver.warnings(workshop.script("exit 0").user("nobody").order()))
        .singleElement()
        .asString()
        .contains("user nobody cannot reach");
  }

  @Test
  void anUnknownUserIsRefused() {
    workshop.script("exit 0").user("nobody-of-that-name");

    assertThat(driver.refusals(workshop.order()))
        .containsExactly("user: this machine has no user \"nobody-of-that-name\"");
    assertThatThrownBy(() -> driver.start(workshop.order()))
        .isInstanceOfSatisfying(
            TaskException.class, e -> assertThat(e.kind()).isEqualTo(TaskException.Kind.REFUSED));
  }

  @Test
  void aCommandThatIsNotThereIsRefusedByItsName() throws Exception {
    workshop.command("no-such-proxy", "--token", "s3cret").env("KEY", "s3cret");

    assertThatThrownBy(() -> driver.start(workshop.order()))
        .hasMessageContaining("\"no-such-proxy\"")
        .hasMessageNotContaining("s3cret")
        .isInstanceOfSatisfying(
            TaskException.class, e -> assertThat(e.kind()).isEqualTo(TaskException.Kind.REFUSED));
    assertThat(workshop.state(driver)).isEmpty();
  }

  @Test
  void aCommandThatItsUserMayNotRunIsRefused() throws Exception {
    assumeRoot();
    Path script = top.resolve("local/private.sh");
    Files.writeString(script, "#!/bin/sh\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));

    assertThatThrownBy(() -> driver.start(workshop.command("./private.sh").user("nobody").order()))
        .hasMessageContaining("user nobody may not run \"./private.sh\"");
  }

  @Test
  void aPathMayHoldAnEqualsSign() throws Exception {
    Path script = Files.createDirectory(top.resolve("local/a=b")).resolve("run.sh");
    Files.writeString(script, "#!/bin/sh\necho \"$1\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));

    driver.start(workshop.command("a=b/run.sh", "it ran").order());

    workshop.awaitExit(driver);
    assertThat(workshop.stdout()).isEqualTo("it ran\n");
  }

  @Test
  void noSignalIsBlockedOrIgnoredFromTheStart() throws Exception {
    driver.start(workshop.command("grep", "-E", "SigBlk|SigIgn", "/proc/self/status").order());

    workshop.awaitExit(driver);
    assertThat(workshop.stdout().lines())
        .as("32 and 33 are the C library's own")
        .hasSize(2)
        .allMatch(line -> line.matches("SigBlk:\t0{16}|SigIgn:\t0{7}[01][08]0{7}"));
  }

  @Test
  void anUnknownSignalAndAnUnknownOptionAreRefused() {
    workshop
        .config(Map.of("comand", new Value.Text("sleep")))
        .killSignal("SIGTREM")
        .env("BAD=NAME", "s3cret");

    assertThat(driver.refusals(workshop.order()))
        .containsExactly(
            "config: there is no option \"comand\"; did you mean \"command\"?",
            "config.command is missing: say what to run",
            "kill_signal: this system has no signal \"SIGTREM\"; did you mean \"SIGTERM\"?",
            "env: no process can be given the variable \"BAD=NAME\"");
  }

  @Test
  void theAliasWarnsThatItDoesNotIsolate() {
    assertThat(driver.names()).containsExactly("raw_exec", "exec");
    assertThat(driver.warnings(workshop.script("exit 0").calledDriver("exec").order()))
        .containsExactly("driver \"exec\" isolates nothing here: it is raw_exec by another name");
    assertThat(driver.warnings(workshop.calledDriver("raw_exec").order())).isEmpty();
  }

  @Test
  void theLogsAreRotatedUnderARunningTask() throws Exception {
    workshop
        .script(
            "trap 'echo second' USR1; head -c 1500000 /dev/zero | tr '\\0' 1; echo ready; "
                + "while :; do sleep 1000 & wait; done")
        .logs(TaskSpec.Logs.of(2, 1));
    workshop.startReady(driver);

    workshop.beat(4);

    Path rotated = workshop.dirs().logs().resolve("connect-proxy-web.stdout.1");
    assertThat(Files.size(rotated)).isEqualTo(1_500_006);
    assertThat(workshop.stdout()).isEmpty();
    driver.signal(Workshop.ID, "SIGUSR1");
    workshop.awaitOutput("second");
    assertThat(workshop.stdout()).as("appended, not written behind a hole").isEqualTo("second\n");
  }

  @Test
  void aTaskWhoseLogsAreDisabledWritesNowhere() throws Exception {
    workshop
        .script("echo lost")
        .logs(new TaskSpec.Logs(OptionalInt.empty(), OptionalInt.empty(), true));

    driver.start(workshop.order());

    assertThat(workshop.awaitExit(driver)).isEqualTo(Exit.code(0));
    assertThat(workshop.dirs().logs()).isEmptyDirectory();
  }

  @Test
  void whatIsLeftInNotesAndTextsHoldsNoSecret() throws Exception {
    workshop.script("echo ready; : s3cret; exec sleep 1000").env("KEY", "s3cret");

    TaskState state = workshop.startReady(driver);

    Path note = workshop.state().resolve(Workshop.ID + ".task");
    assertThat(Files.readString(note)).contains("hash-1").doesNotContain("s3cret");
    assertThat(state.toString() + workshop.order()).doesNotContain("s3cret");
  }

  @Test
  void startingTwiceStartsOnceAndAgainOnceItHasEnded() throws Exception {
    workshop.script("echo ready; exec sleep 1000");
    TaskState first = workshop.startReady(driver);

    assertThat(driver.start(workshop.order())).isEqualTo(first);
    driver.kill(Workshop.ID);
    assertThat(workshop.state(driver).flatMap(TaskState::exit)).contains(Exit.signal(9));
    TaskState second = driver.start(workshop.order());

    assertThat(second.handle()).isNotEqualTo(first.handle());
    await().atMost(20, SECONDS).until(() -> workshop.processes().size() == 1);
    assertThatThrownBy(() -> driver.forget(Workshop.ID)).hasMessageContaining("still runs");
  }

  @Test
  void somebodyIsToldWheneverATaskEnds() throws Exception {
    List<String> told = new java.util.concurrent.CopyOnWriteArrayList<>();
    driver.onExit(() -> told.add("ended"));

    driver.start(workshop.script("exit 3").order());

    await().atMost(20, SECONDS).until(() -> told.contains("ended"));
    assertThat(workshop.awaitExit(driver)).isEqualTo(Exit.code(3));
  }
}
