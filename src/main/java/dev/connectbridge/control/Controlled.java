package dev.connectbridge.control;

import dev.connectbridge.converge.Convergence;
import dev.connectbridge.supervise.DrainReceipt;
import dev.connectbridge.supervise.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
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
   * How a daemon stands.
   *
   * @param status its drains and tasks
   * @param convergence how far its entries have come
   * @param connectionsPerClient how many connections the agent takes from one client; empty when
   *     that could not be learnt
   */
  record Standing(Status status, Convergence convergence, OptionalInt connectionsPerClient) {}
}
