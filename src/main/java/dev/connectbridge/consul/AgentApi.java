package dev.connectbridge.consul;

import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import java.util.Optional;

/**
 * The agent beside us. Each call is one exchange (a reading one may be two) and is made once: when
 * to try again is the loop's to say. Over HTTP an exchange takes 10 seconds at most, 2 of them for
 * connecting. Safe for use by several threads.
 *
 * <p>Whatever keeps an answer from coming, or the agent from doing what it was asked, is an {@link
 * AgentException}, whose kind says whether the same call may succeed soon.
 */
public interface AgentApi {

  /**
   * Returns what the agent holds now: its services with their checks, those of others as well. What
   * the token may not see is not in it.
   *
   * @throws AgentException when the answer does not come, or is cut short
   */
  Observed observe() throws AgentException;

  /**
   * Returns who the agent is.
   *
   * @throws AgentException of the kind FORBIDDEN when the token lacks {@code agent:read}
   */
  AgentFacts facts() throws AgentException;

  /**
   * Registers a service with its sidecar, or replaces what is there under its ID: both or neither.
   * Checks that are no longer said stay.
   *
   * @throws AgentException of the kind TIMEOUT when it is not known whether it was done
   */
  void register(Registration registration) throws AgentException;

  /**
   * Removes a service, and with it its nested sidecar; one that is not there is no error.
   *
   * @throws AgentException when it may still be there
   */
  void deregister(String id) throws AgentException;

  /**
   * Removes one check; one that is not there is no error.
   *
   * @throws AgentException when it may still be there
   */
  void deregisterCheck(String checkId) throws AgentException;

  /**
   * Returns a configuration entry of the cluster; empty when there is none.
   *
   * @param kind its kind, {@code ingress-gateway} for instance
   * @throws AgentException of the kind FORBIDDEN when the token may not read it
   */
  Optional<HeldEntry> configEntry(String kind, String name) throws AgentException;

  /**
   * Writes a configuration entry, for the whole cluster, if it is still as it was seen.
   *
   * @param index the number of its last change; 0 when there was none
   * @throws AgentException of the kind BROKEN when it was changed meanwhile
   */
  void write(ConfigEntry entry, long index) throws AgentException;

  /**
   * Calls {@code changed} once, from another thread, as soon as the entry may have changed, the
   * agent has gone away; at once, when the entry or the agent is not there to begin with. A missing
   * permission is not told. One blocked query: a new watch ends the one before.
   */
  void watch(ServiceId id, Runnable changed);

  /** Ends the watch, if there is one, without calling anybody. */
  void unwatch();
}
