package dev.connectbridge.consul;

import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;

/**
 * The agent beside us. Each call is one exchange (a reading one may be two) and is made once: when
 * to try again is the loop's to say. Safe for use by several threads.
 */
public interface AgentApi {

  /** Returns what the agent holds now. */
  Observed observe() throws AgentException;

  /** Returns who the agent is; needs {@code agent:read}. */
  AgentFacts facts() throws AgentException;

  /** Registers a service with its sidecar, or replaces what is there under its ID. */
  void register(Registration registration) throws AgentException;

  /** Removes a service; one that is not there is no error. */
  void deregister(String id) throws AgentException;

  /** Removes one check; one that is not there is no error. */
  void deregisterCheck(String checkId) throws AgentException;

  /**
   * Calls {@code changed} once, from another thread, as soon as the entry may have changed, the
   * agent has gone away; at once, when the entry or the agent is not there to begin with. A missing
   * permission is not told. One blocked query: a new watch ends the one before.
   */
  void watch(ServiceId id, Runnable changed);

  /** Ends the watch, if there is one, without calling anybody. */
  void unwatch();
}
