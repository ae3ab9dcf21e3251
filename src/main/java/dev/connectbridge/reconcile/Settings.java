package dev.connectbridge.reconcile;

import dev.connectbridge.plan.Consent;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;

/**
 * What the operator decided about resolving: a value, for any thread; {@code config} and {@code
 * Bridge} check what it is made of.
 *
 * @param owner whose registrations they are
 * @param node what is said about this machine; what is left empty is asked of the agent
 * @param minPort the first dynamic port, from 1
 * @param maxPort the last one, up to 65535, itself included
 * @param choices what is decided about the meaning of specs
 * @param consent whether whatever the specs let go may go, however much it is
 */
public record Settings(
    String owner, Node node, int minPort, int maxPort, Choices choices, Consent consent) {

  /** Creates those of one who wants to be asked before much goes at once. */
  public Settings(String owner, Node node, int minPort, int maxPort, Choices choices) {
    this(owner, node, minPort, maxPort, choices, Consent.NONE);
  }

  /** Returns the settings of an owner, everything else as it comes. */
  public static Settings of(String owner) {
    return new Settings(
        owner, Node.UNKNOWN, Situation.DEFAULT_MIN_PORT, Situation.DEFAULT_MAX_PORT, Choices.NONE);
  }
}
