package dev.connectbridge.reconcile;

import dev.connectbridge.plan.Consent;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Drift;

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
 * @param drift what is done about what somebody else changes
 * @param keepLastInstance whether the last passing instance of a service is kept until somebody
 *     says otherwise
 */
public record Settings(
    String owner,
    Node node,
    int minPort,
    int maxPort,
    Choices choices,
    Consent consent,
    Drift drift,
    boolean keepLastInstance) {

  /** Creates those of one who lets the last instance go like any other. */
  public Settings(
      String owner,
      Node node,
      int minPort,
      int maxPort,
      Choices choices,
      Consent consent,
      Drift drift) {
    this(owner, node, minPort, maxPort, choices, consent, drift, false);
  }

  /** Creates those of one who wants to be asked before much goes at once. */
  public Settings(String owner, Node node, int minPort, int maxPort, Choices choices) {
    this(owner, node, minPort, maxPort, choices, Consent.NONE, Drift.REVERT);
  }

  /** Returns the settings of an owner, everything else as it comes. */
  public static Settings of(String owner) {
    return new Settings(
        owner, Node.UNKNOWN, Situation.DEFAULT_MIN_PORT, Situation.DEFAULT_MAX_PORT, Choices.NONE);
  }
}
