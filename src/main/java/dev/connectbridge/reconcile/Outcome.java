package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.resolve.Desired;
import java.util.List;

/**
 * What came of one pass: a value, for any thread. When the agent could not be read at all, nothing
 * was wanted or planned, and the one failure says why.
 *
 * @param desired what the source wanted
 * @param plan what was to be done
 * @param failures what could not be done
 */
public record Outcome(Desired desired, Plan plan, List<Failure> failures) {
  public Outcome {
    failures = List.copyOf(failures);
  }

  /** Returns whether everything that was wanted is so now. */
  public boolean done() {
    return failures.isEmpty() && desired.problems().isEmpty() && plan.conflicts().isEmpty();
  }

  /**
   * One thing that could not be done.
   *
   * @param id the ID that it was about; empty when it was about the agent as a whole
   * @param error why
   */
  public record Failure(String id, AgentException error) {
    @Override
    public String toString() {
      return (id.isEmpty() ? "" : id + ": ") + error.getMessage();
    }
  }
}
