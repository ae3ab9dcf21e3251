package dev.connectbridge.reconcile;

import dev.connectbridge.plan.Plan;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;

/**
 * One look at both sides, and the difference: a value, for any thread, true when it was taken.
 *
 * @param observed what the agent holds
 * @param desired what the source wants
 * @param plan what would have to change
 */
public record View(Observed observed, Desired desired, Plan plan) {}
