package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.cli.Symptom.Verdict;
import dev.connectbridge.consul.ConsulAgent.Rule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WhoWritesTest {
  private static final List<Rule> RULES = WhoWrites.rules("shop", "n1");

  private static Symptom found(
      boolean here, Optional<String> holder, Optional<List<Rule>> lacking) {
    return new WhoWrites(true, here, "n1", holder, lacking).examined();
  }

  @Test
  void whoeverHasTheLockIsNamed() {
    assertThat(found(true, Optional.of("process 12 (epoch 3)"), Optional.of(List.of())))
        .isEqualTo(
            Symptom.ok(
                "writer",
                "process 12 (epoch 3) has the lock in Consul; a daemon of this owner runs on this"
                    + " machine"));
    assertThat(found(false, Optional.empty(), Optional.of(List.of())).found())
        .isEqualTo("nobody has the lock in Consul; none of this owner runs on this machine");
  }

  @Test
  void theRulesThatAreLackingAreSaidInConsulsWords() {
    Symptom symptom = found(true, Optional.empty(), Optional.of(RULES));

    assertThat(symptom.verdict()).isEqualTo(Verdict.WARN);
    assertThat(symptom.found())
        .isEqualTo(
            "the token lacks 2 rules for the lock in Consul: only the locks of files on this"
                + " machine keep two daemons of one owner apart; who has the lock in Consul is not"
                + " told; a daemon of this owner runs on this machine");
    assertThat(symptom.advice())
        .isEqualTo(
            """
            add to the policy of the token:
            session "n1" { policy = "write" }
            key "connect-bridge/shop/n1/writer" { policy = "write" }
            or say consul.session_lock: off""");
  }

  @Test
  void whoeverMayReadTheKeyAloneStillSeesWhoHasIt() {
    assertThat(found(false, Optional.of("somebody"), Optional.of(RULES.subList(0, 1))).found())
        .startsWith("the token lacks 1 rule for the lock in Consul")
        .contains("; somebody has the lock in Consul; ");
  }

  @Test
  void whatCannotBeAskedIsNotTold() {
    assertThat(found(false, Optional.empty(), Optional.empty()).found())
        .startsWith("who has the lock in Consul is not told; ");
    assertThat(
            new WhoWrites(true, false, "", Optional.empty(), Optional.empty()).examined().found())
        .startsWith("nobody tells the agent's node");
  }

  @Test
  void thatItIsOffIsSaid() {
    assertThat(
            new WhoWrites(false, true, "n1", Optional.empty(), Optional.empty()).examined().found())
        .isEqualTo(
            "session_lock is off: only the locks of files on this machine keep two daemons of one"
                + " owner apart; a daemon of this owner runs on this machine");
  }
}
