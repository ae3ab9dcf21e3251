package dev.connectbridge.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.spec.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said to the driver, and what it says. */
class ExecWordsTest {
  private static final Value COMMAND = new Value.Text("consul");

  @Test
  void aCommandAndItsArgumentsAreTheWholeConfiguration() {
    Value args =
        new Value.Items(
            List.of(
                new Value.Text("-port"),
                new Value.Num(new BigDecimal("20000")),
                new Value.Bool(true)));
    Map<String, Value> config = Map.of("command", COMMAND, "args", args);

    assertThat(ExecConfig.refusals(config)).isEmpty();
    assertThat(ExecConfig.of(config))
        .isEqualTo(new ExecConfig("consul", List.of("-port", "20000", "true")));
    assertThat(ExecConfig.of(config).toString()).doesNotContain("20000").doesNotContain("consul");
  }

  @Test
  void anythingElseIsRefused() {
    assertThat(ExecConfig.refusals(Map.of("command", COMMAND, "arg", COMMAND)))
        .containsExactly("config: there is no option \"arg\"; did you mean \"args\"?");
    assertThat(ExecConfig.refusals(Map.of("command", COMMAND, "image", COMMAND)))
        .containsExactly("config: there is no option \"image\"");
    assertThat(ExecConfig.refusals(Map.of()))
        .containsExactly("config.command is missing: say what to run");
    assertThat(ExecConfig.refusals(Map.of("command", new Value.Text(""), "args", COMMAND)))
        .containsExactly(
            "config.command must be a text: a path, or a name that PATH leads to",
            "config.args must be a list of texts");
    assertThat(
            ExecConfig.refusals(
                Map.of(
                    "command",
                    COMMAND,
                    "args",
                    new Value.Items(List.of(COMMAND, new Value.Text("a\0b"))))))
        .containsExactly("config.args[1] must be a text");
  }

  @Test
  void aSignalHasItsNameWithOrWithoutSig() {
    assertThat(Signals.named("")).contains("INT");
    assertThat(Signals.named("SIGHUP")).contains("HUP");
    assertThat(Signals.named("usr1")).contains("USR1");
    assertThat(Signals.named("SIGIOT")).contains("ABRT");
    assertThat(Signals.named("9")).isEmpty();
    assertThat(Signals.named("INT; rm")).isEmpty();
  }

  @Test
  void anEndBySignalIsOneUnlessTheTaskHeardThatSignal() {
    long hearsInterrupt = 1L << (2 - 1);

    assertThat(Exits.of(0, 0)).isEqualTo(Exit.code(0));
    assertThat(Exits.of(128, 0)).isEqualTo(Exit.code(128));
    assertThat(Exits.of(130, 0)).isEqualTo(Exit.signal(2));
    assertThat(Exits.of(130, hearsInterrupt)).isEqualTo(Exit.code(130));
    assertThat(Exits.of(143, hearsInterrupt)).isEqualTo(Exit.signal(15));
    assertThat(Exits.of(192, 0)).isEqualTo(Exit.signal(64));
    assertThat(Exits.of(255, 0)).isEqualTo(Exit.code(255));
  }

  @Test
  void aMarkIsReadBackWhateverTheOwnerIsCalled() {
    for (String owner : List.of("default", "a/b", "50%2F", "%25/")) {
      Mark mark = new Mark(owner, new TaskId("web.proxy"), "h/1");

      assertThat(Mark.in(Map.of(Mark.VARIABLE, mark.text()))).contains(mark);
    }
    assertThat(Mark.in(Map.of())).isEmpty();
    assertThat(Mark.in(Map.of(Mark.VARIABLE, "a/../b"))).isEmpty();
    assertThat(Mark.in(Map.of(Mark.VARIABLE, "a/b"))).isEmpty();
  }
}
