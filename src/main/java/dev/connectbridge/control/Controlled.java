package dev.connectbridge.control;

import dev.connectbridge.converge.Convergence;
import dev.connectbridge.supervise.DrainReceipt;
import dev.connectbridge.supervise.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;

/**
 * What can be asked of a running daemon. No call waits; an unknown group is an
 * IllegalArgumentException of the answer, in words for whoever asked.
 */
public interface Controlled {

  /** Returns how things stand. */
  CompletionStage<Standing> status();

  /**
   * Drains a group and holds it back.
   *
   * @param group the instance: {@code job/group[index]}
   * @param hurried whether its delays are left out
   * @param deadline how long the proof may take; empty is the delays of its spec
   */
  CompletionStage<DrainReceipt> drain(String group, boolean hurried, Optional<Duration> deadline);

  /** Lets a group back; returns whether it was held back. */
  CompletionStage<Boolean> resume(String group);

  /**
   * Has the next pass remove what is withheld now.
   *
   * @param digest tells what was seen; empty is whatever there is
   * @return what goes; an IllegalStateException when it is something else, or nothing
   */
  CompletionStage<Withheld> approve(String digest);

  /** Takes an entry that somebody else holds or keeps changing; returns its ID. */
  CompletionStage<List<String>> adopt(String id);

  /** Gives the entries of a group, or one, away, and leaves them registered; returns their IDs. */
  CompletionStage<List<String>> release(String name);

  /** Forgets what is remembered of an entry; returns what it was, in words. */
  CompletionStage<List<String>> forget(String id);

  /** Removes what Consul's servers still hold of what the agent has forgotten; returns its ID. */
  CompletionStage<List<String>> removeGhost(String id);

  /**
   * How a daemon stands.
   *
   * @param status its drains and tasks
   * @param convergence how far its entries have come
   * @param connectionsPerClient how many connections the agent takes from one client; empty when
   *     that could not be learnt
   * @param withheld what is not removed because it looks like a mistake
   * @param fights the entries that are not written because others keep changing them, with why
   * @param writer whether it writes, or waits for another one
   */
  record Standing(
      Status status,
      Convergence convergence,
      OptionalInt connectionsPerClient,
      Optional<Withheld> withheld,
      SortedMap<String, String> fights,
      Writer writer) {}

  /**
   * Whether a daemon writes, or waits for another one.
   *
   * @param state {@code writer}, {@code alone}, {@code standby} or {@code undecided}
   * @param epoch which of its owner's writers it is; 0 for one that is not counted
   * @param why the reason, in words
   */
  record Writer(String state, long epoch, String why) {}

  /**
   * What is not removed because it looks like a mistake.
   *
   * @param digest tells exactly these removals from others
   * @param groups the groups that stay
   * @param ids the IDs that stay
   * @param why what is wrong with it, in words
   * @param remedy what ends it
   * @param consentable whether somebody's word lets it go
   */
  record Withheld(
      String digest,
      SortedSet<String> groups,
      SortedSet<String> ids,
      String why,
      String remedy,
      boolean consentable) {}
}
