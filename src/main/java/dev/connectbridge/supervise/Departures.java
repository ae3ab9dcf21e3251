package dev.connectbridge.supervise;

import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.ServiceId;
import java.util.List;
import java.util.Set;

/**
 * What a pass has to do with those that leave: it hands over what is to be removed, writes nothing
 * that is on its way out, and tells what is wanted. Every call returns at once.
 */
public interface Departures {

  /**
   * The agent is about to be read. What a pass says next goes by that look: of what a drain has
   * removed since, it is out of date.
   */
  void looks();

  /** Returns whether an entry is on its way out, or held back by somebody's word. */
  boolean isLeaving(ServiceId id);

  /** Returns whether an entry may be written now; then {@link #wrote} must follow. */
  boolean mayWrite(ServiceId id);

  /** A write that was allowed is over; {@code done} says whether it came off. */
  void wrote(ServiceId id, boolean done);

  /** Has entries leave that nobody wants any more; what is leaving already goes on. */
  void leave(List<Removal> unwanted);

  /** Tells what was given away and stays registered: whatever else leaves, these do not. */
  void givenAway(Set<ServiceId> ids);

  /**
   * Tells what is wanted now.
   *
   * @param registered what of it stands at the agent
   */
  void see(Desired desired, Set<ServiceId> registered);

  /** Has everything leave that is known to be there; passes that want nothing find the rest. */
  void leaveAll();

  /** Returns whether nothing is on its way out. */
  boolean isIdle();
}
