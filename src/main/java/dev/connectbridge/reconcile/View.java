package dev.connectbridge.reconcile;

import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;
import java.util.Optional;

/**
 * One look at both sides, and the difference: a value, for any thread, true when it was taken.
 *
 * @param observed what the agent holds
 * @param desired what the source wants
 * @param plan what would have to change
 * @param withheld what of it is not done unless somebody says so
 */
public record View(Observed observed, Desired desired, Plan plan, Optional<Withheld> withheld) {}
