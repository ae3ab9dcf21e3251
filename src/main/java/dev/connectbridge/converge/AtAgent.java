package dev.connectbridge.converge;

import dev.connectbridge.converge.Condition.Kind;
import dev.connectbridge.converge.Condition.Truth;
import dev.connectbridge.converge.Pass.Left;
import dev.connectbridge.plan.Plan.Conflict;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Sidecar;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether the agent holds an entry as it is wanted, by what a pass saw and did. No change is no
 * proof of it: some are left undone on purpose.
 */
final class AtAgent {
  private final Pass pass;
  private final Standing entry;
  private final String error;
  private final Optional<Left> left;

  private AtAgent(Pass pass, Standing entry, String error) {
    this.pass = pass;
    this.entry = entry;
    this.error = error;
    this.left = Optional.ofNullable(pass.left().get(entry.id()));
  }

  static void say(Pass pass, Standing entry, Registration wanted, Optional<Conflict> conflict) {
    String theirs = conflict.map(Conflict::toString).orElse("");
    Truth alone = conflict.isEmpty() ? Truth.TRUE : Truth.FALSE;
    entry.say(Kind.NO_CONFLICT, alone, theirs, pass.at());
    String behind = pass.behind().getOrDefault(wanted.id(), "");
    new AtAgent(pass, entry, conflict.isPresent() ? theirs : behind).say(wanted);
  }

  private void say(Registration wanted) {
    entry.leave(left.isPresent());
    Registration want = left.map(one -> one.change().wanted()).orElse(wanted).asHeld();
    Optional<Registration> held = held(want);
    boolean service = error.isEmpty() && held.filter(there -> isSame(there, want)).isPresent();
    say(Kind.AGENT_REGISTERED, service, held.isPresent());
    want.sidecar()
        .ifPresent(
            sidecar -> {
              Optional<Sidecar> proxy = held.flatMap(Registration::sidecar);
              say(Kind.SIDECAR_REGISTERED, proxy.equals(Optional.of(sidecar)), proxy.isPresent());
            });
  }

  private Optional<Registration> held(Registration want) {
    if (!error.isEmpty()) {
      return pass.held(want.id());
    }
    return left.isPresent() ? left.get().change().held() : Optional.of(want);
  }

  /** The sidecar is told of by itself, where there is to be one. */
  private static boolean isSame(Registration held, Registration want) {
    return want.sidecar().isPresent()
        ? held.withoutSidecar().equals(want.withoutSidecar())
        : held.equals(want);
  }

  private void say(Kind kind, boolean asWanted, boolean there) {
    if (asWanted) {
      entry.say(kind, Truth.TRUE, "", pass.at());
      return;
    }
    String reason = there ? "the agent holds it otherwise" : "the agent does not hold it";
    String kept = left.map(one -> ", and it is left so: " + one.why()).orElse("");
    Optional<Instant> next = left.isPresent() ? Optional.empty() : pass.next(entry.id());
    entry.say(kind, Truth.FALSE, reason + kept, error, next, pass.at());
  }
}
