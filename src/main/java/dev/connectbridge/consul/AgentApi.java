package dev.connectbridge.consul;

import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

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
   * Registers a service as {@link #register(Registration)} does, and says which of its owner's
   * writers does so; 0 says nothing.
   *
   * @throws AgentException of the kind TIMEOUT when it is not known whether it was done
   */
  default void register(Registration registration, long epoch) throws AgentException {
    register(registration);
  }

  /**
   * Returns the newest of an owner's writers whose entries these calls may change; they leave alone
   * what carries a later epoch.
   */
  default long heeds() {
    return Long.MAX_VALUE;
  }

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
   * Returns those of some services that the token may not read, so that the agent's list says
   * nothing about them; none where there are no ACLs.
   *
   * @throws AgentException when that is not known
   */
  default Set<String> hidden(Collection<String> services) throws AgentException {
    return Set.of();
  }

  /**
   * Returns whether a service has an instance that passes, anywhere in the datacenter, beside these
   * of a node; what the token may not see does not count.
   *
   * @param service its name
   * @param node the node that these IDs are of; empty leaves them out whosever they are
   * @throws AgentException when that is not known
   */
  default boolean passesBeside(String service, String node, Collection<String> ids)
      throws AgentException {
    throw new AgentException(
        AgentException.Kind.REFUSED, "this agent cannot be asked who passes", null);
  }

  /**
   * Returns whether a list of the agent's has all of such IDs as ours that the servers have of its
   * node: what it does not list for a moment, as during a reload, they still have. False also where
   * they cannot be asked.
   *
   * @param node the agent's
   * @param listed what it listed
   * @param among only these are asked for; all, where there are none
   */
  boolean listsAll(String node, Set<String> listed, Set<String> among);

  /**
   * Returns whether the agent itself holds an entry. Nothing but Consul's own words count, so that
   * an answer of somebody in between is an exception, never a no.
   *
   * @throws AgentException when that is not known
   */
  boolean holds(String id) throws AgentException;

  /**
   * Writes an entry as the agent holds it, which changes nothing but whose token the agent uses for
   * it from now on: ours. An entry whose token is dead would leave a row in the catalog for good
   * when it is deregistered. Its checks stay, but a sidecar stands alone from then on: it is
   * removed by its own ID only. Two exchanges; returns whether the entry is there.
   *
   * @throws AgentException when it may not have been done
   */
  boolean rewrite(String id) throws AgentException;

  /**
   * Sees to it that nothing of these entries stays in the catalog when they are deregistered next:
   * those that may have been written with another token than ours are {@link #rewrite rewritten}.
   * Where there is no token, neither ours nor the service's nor {@link #mayLendToken the agent's},
   * nothing is. What may not be written is left as it is, since it is to be deregistered all the
   * same.
   *
   * @param name the name of their service
   * @param ids theirs, each by itself
   * @param isWrittenWith whether they are known to have been written with the token of a mark
   * @throws AgentException when the same may succeed soon
   */
  default void save(String name, List<String> ids, Predicate<String> isWrittenWith)
      throws AgentException {
    SavingWrite.of(this, name, ids, isWrittenWith);
  }

  /**
   * Writes an entry as the agent holds it without any of our marks, so that it is nobody's; returns
   * whether it is there. Two exchanges.
   *
   * @throws AgentException when it may not have been done
   */
  default boolean disown(String id) throws AgentException {
    throw new AgentException(
        AgentException.Kind.REFUSED, "this agent cannot take the marks off " + id, null);
  }

  /**
   * Returns a mark of the token that calls carry now: the same for the same token as long as this
   * process lives, empty for none. The token cannot be told from it.
   *
   * @throws AgentException when the token cannot be read
   */
  String tokenMark() throws AgentException;

  /**
   * Returns whether entries may be written with some token although calls carry none: the agent has
   * one of its own for those, where there are ACLs. It is so where nobody can tell.
   */
  default boolean mayLendToken() {
    return false;
  }

  /**
   * Returns a mark of the token that a service, by its name, is registered with now.
   *
   * @throws AgentException when the token cannot be read
   */
  default String tokenMark(String service) throws AgentException {
    return tokenMark();
  }

  /**
   * Turns an entry critical for everybody, or ends that; returns whether the entry is there.
   *
   * @throws AgentException when it may not have been done
   */
  boolean maintain(String id, boolean on, String reason) throws AgentException;

  /**
   * Tells the result of a check whose time to live the agent counts; returns whether there is such
   * a check.
   *
   * @throws AgentException when it may not have arrived
   */
  boolean updateCheck(String checkId, Status status, String output) throws AgentException;

  /**
   * Returns what the checks of an entry say together; one that is not there is {@code UNKNOWN}.
   *
   * @throws AgentException when the answer does not come, or the token may not read the service
   */
  Health health(String id) throws AgentException;

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

  /** What a check can say. */
  enum Status {
    /** All is well. */
    PASSING,
    /** It works, and somebody should look. */
    WARNING,
    /** It does not work. */
    CRITICAL,
    /** There is no such entry. */
    UNKNOWN
  }

  /**
   * What the checks of an entry say.
   *
   * @param status the worst of them
   * @param complaints each check that is not passing, in a line
   */
  record Health(Status status, List<String> complaints) {

    /** An entry that is not there. */
    public static final Health UNKNOWN = new Health(Status.UNKNOWN, List.of());

    public Health {
      complaints = List.copyOf(complaints);
    }
  }
}
