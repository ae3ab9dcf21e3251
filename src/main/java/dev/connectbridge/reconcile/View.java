package dev.connectbridge.reconcile;

import dev.connectbridge.consul.OurAgent.Identity;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;
import java.util.List;
import java.util.Optional;

/**
 * One look at both sides, and the difference: a value, for any thread, true when it was taken.
 *
 * @param observed what the agent holds
 * @param desired what the source wants
 * @param plan what would have to change
 * @param withheld what of it is not done unless somebody says so
 * @param unread the configuration entries that could not be read, and why: whether those are as
 *     they are wanted is not known, and they are in no plan
 * @param agent who the agent says it is; empty where this token is not told
 */
public record View(
    Observed observed,
    Desired desired,
    Plan plan,
    Optional<Withheld> withheld,
    List<Failure> unread,
    Optional<Identity> agent) {
  public View {
    unread = List.copyOf(unread);
  }

  View withPlan(Plan other) {
    return new View(observed, desired, other, withheld, unread, agent);
  }

  View withDesired(Desired other) {
    return new View(observed, other, plan, withheld, unread, agent);
  }

  View withWithheld(Optional<Withheld> other) {
    return new View(observed, desired, plan, other, unread, agent);
  }
}
