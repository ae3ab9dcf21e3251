package dev.connectbridge.exec;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.spec.TaskSpec;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task goes through when the process that started it goes. */
class SurvivingTaskIT {
  private static final String PATIENT =
      "trap 'echo heard USR1' USR1; trap 'exit 0' INT; echo ready; "
          + "while :; do sleep 1000 & wait; done";

  @TempDir private Path top;

  private Workshop workshop;

  @BeforeEach
  void open() {
    workshop = new Workshop(top);
  }

  @AfterEach
  void nothingIsLeft() throws TaskException, IOException {
    workshop.close();
  }

  private Path note() {
    return workshop.state().resolve(Workshop.ID + ".task");
  }

  @Test
  void theNextDriverAdoptsAndSignalsIt() throws Exception {
    RawExecDriver first = workshop.driver();
    TaskState started = workshop.script(PATIENT).startReady(first);
    first.close();
    RawExecDriver next = workshop.driver();

    assertThat(workshop.state(next)).contains(started);
    assertThat(next.start(workshop.order())).isEqualTo(started);
    next.signal(Workshop.ID, "USR1");
    workshop.awaitOutput("heard USR1");
    assertThat(next.run(Workshop.ID, List.of("true"), java.time.Duration.ofSeconds(9)).code())
        .isZero();
  }

  @Test
  void theEndOfAnAdoptedTaskIsNoticedAndNobodyKnowsHow() throws Exception {
    RawExecDriver first = workshop.driver();
    workshop.script(PATIENT).startReady(first);
    first.close();
    RawExecDriver next = workshop.driver(Pulse.THREAD);
    List<String> told = new CopyOnWriteArrayList<>();
    next.onExit(() -> told.add("ended"));
    workshop.state(next);

    next.signal(Workshop.ID, "");

    await().atMost(20, SECONDS).until(() -> told.equals(List.of("ended")));
    assertThat(workshop.state(next).flatMap(TaskState::exit)).contains(Exit.UNKNOWN);
    assertThat(workshop.state(workshop.driver()).flatMap(TaskState::exit)).contains(Exit.UNKNOWN);
  }

  @Test
  void theLogsOfAnAdoptedTaskAreRotatedOn() throws Exception {
    RawExecDriver first = workshop.driver();
    workshop
        .script("head -c 2000000 /dev/zero; echo ready; exec sleep 1000")
        .logs(TaskSpec.Logs.of(2, 1))
        .startReady(first);
    first.close();
    workshop.state(workshop.driver());

    workshop.beat(4);

    assertThat(workshop.stdout()).isEmpty();
    assertThat(workshop.dirs().logs().resolve(Workshop.NAME + ".stdout.1")).hasSize(2_000_006);
  }

  @Test
  void anEndThatWasSeenIsRemembered() throws Exception {
    RawExecDriver first = workshop.driver();
    first.start(workshop.script("exit 9").order());
    assertThat(workshop.awaitExit(first)).isEqualTo(Exit.code(9));
    first.close();

    assertThat(workshop.state(workshop.driver()).flatMap(TaskState::exit)).contains(Exit.code(9));
  }

  @Test
  void oneWithoutANoteIsFoundByItsMark() throws Exception {
    RawExecDriver first = workshop.driver();
    TaskState started =
        workshop
            .script("setsid sh -c 'exec sleep 1000' & echo ready; exec sleep 1000")
            .startReady(first);
    first.close();
    Files.delete(note());
    await().atMost(20, SECONDS).until(() -> workshop.processes().size() == 2);

    RawExecDriver next = workshop.driver();

    assertThat(workshop.state(next)).contains(started);
    assertThat(next.observe("somebody else")).isEmpty();
    next.kill(Workshop.ID);
    assertThat(workshop.processes()).isEmpty();
  }

  @Test
  void startFindsOneWithoutANoteAsWell() throws Exception {
    RawExecDriver first = workshop.driver();
    TaskState started = workshop.script(PATIENT).startReady(first);
    first.close();
    Files.delete(note());

    assertThat(workshop.driver().start(workshop.order())).isEqualTo(started);
  }

  /** What a crash leaves between the note and the process's number in it. */
  @Test
  void oneWhoseNoteWasNotFinishedIsFoundAndKeepsItsLogs() throws Exception {
    RawExecDriver first = workshop.driver();
    TaskState started = workshop.script(PATIENT).startReady(first);
    first.close();
    List<String> lines = Files.readAllLines(note());
    lines.removeIf(line -> line.matches("(pid|start|boot)=.*"));
    Files.write(note(), lines);

    assertThat(workshop.state(workshop.driver())).contains(started);
    assertThat(Files.readString(note()))
        .contains("pid=" + started.handle())
        .contains("logs.directory=");
  }

  @Test
  void theOrphansOfATaskThatNobodyKnowsAreAnEndedTask() throws Exception {
    RawExecDriver first = workshop.driver();
    first.start(workshop.script("setsid sleep 1000 & sleep 1000 & echo ready").order());
    workshop.awaitExit(first);
    first.close();
    RawExecDriver next = workshop.driver();

    assertThat(workshop.state(next).flatMap(TaskState::exit)).contains(Exit.code(0));
    next.forget(Workshop.ID);

    assertThat(workshop.processes()).isEmpty();
    assertThat(note()).doesNotExist();
  }

  @Test
  void aProcessThatGotTheNumberOfADeadTaskIsLeftAlone() throws Exception {
    Process stranger = new ProcessBuilder("setsid", "sleep", "1000").start();
    try {
      awaitSession(stranger.pid());
      Notes notes = new Notes(workshop.state());
      Note.Leader other = new Note.Leader(stranger.pid(), 1, new Proc(Path.of("/proc")).boot());
      notes.write(Note.of(workshop.script("exit 0").order()).ledBy(other));
      RawExecDriver driver = workshop.driver();

      assertThat(workshop.state(driver).flatMap(TaskState::exit)).contains(Exit.UNKNOWN);
      driver.signal(Workshop.ID, "SIGTERM");
      driver.kill(Workshop.ID);
      driver.forget(Workshop.ID);

      assertThat(stranger.waitFor(300, java.util.concurrent.TimeUnit.MILLISECONDS)).isFalse();
    } finally {
      stranger.destroyForcibly().waitFor();
    }
  }

  private static void awaitSession(long pid) {
    Proc proc = new Proc(Path.of("/proc"));
    await().atMost(20, SECONDS).until(() -> proc.entry(pid).orElseThrow().session() == pid);
  }

  @Test
  void itOutlivesTheProcessThatStartedIt() throws Exception {
    Process bridge =
        new ProcessBuilder(
                "sh",
                "-c",
                "trap '' INT HUP; exec \"$@\"", // as a shell does to what runs in its background
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                OneTask.class.getName(),
                top.toString(),
                workshop.owner())
            .redirectErrorStream(true)
            .redirectOutput(new File(top.toFile(), "bridge.log"))
            .start();
    await()
        .atMost(60, SECONDS)
        .until(() -> Files.exists(workshop.dirs().logs().resolve(Workshop.NAME + ".stdout.0")));
    workshop.awaitOutput("ready");
    bridge.destroyForcibly().waitFor();
    RawExecDriver next = workshop.driver();

    assertThat(workshop.state(next)).get().matches(TaskState::isRunning);
    next.signal(Workshop.ID, "");

    assertThat(workshop.awaitExit(next)).isEqualTo(Exit.UNKNOWN);
    assertThat(workshop.stdout()).endsWith("heard INT\n");
  }

  /** A process of its own that starts one task and then waits for its own end. */
  static final class OneTask {
    private OneTask() {}

    public static void main(String[] args) throws Exception {
      Workshop workshop = new Workshop(Path.of(args[0]), args[1]);
      workshop
          .script(
              "trap 'echo heard INT; exit 0' INT; echo ready; while :; do sleep 1000 & wait; done")
          .startReady(workshop.driver());
      System.in.read();
    }
  }
}
