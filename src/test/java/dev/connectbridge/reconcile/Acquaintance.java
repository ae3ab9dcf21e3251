package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.resolve.Observed;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whom the bridge of a history must take its agent for, by what it was told: the first that it
 * meets, until somebody says that another one is right, or another one has nothing of ours. What
 * another one holds is not removed.
 */
final class Acquaintance {
  private String now;
  private final Set<String> homes = new HashSet<>();
  private Optional<String> told = Optional.empty();
  private Optional<String> word = Optional.empty();
  private boolean empty;

  Acquaintance(String node) {
    this.now = node;
  }

  /** The agent has another name from now on. */
  void renamed(String node) {
    now = node;
  }

  /** Another process knows nobody. */
  void forget() {
    homes.clear();
    told = Optional.empty();
    word = Optional.empty();
    empty = false;
  }

  /** Returns an agent that tells this what it tells a bridge. */
  AgentApi heardBy(AgentApi agent) {
    return new Plants.Spoilt() {
      @Override
      Object call(AgentApi heard, Plants.Call call) throws Throwable {
        Object answer = call.on(heard);
        if (answer instanceof AgentFacts facts) {
          tells(facts.nodeName());
        } else if (answer instanceof Observed observed) {
          lists(observed);
        }
        return answer;
      }
    }.of(agent);
  }

  private void tells(String node) {
    told = Optional.of(node);
    if (empty || homes.isEmpty()) {
      homes.add(node);
    }
  }

  /**
   * Of an agent that has nothing of ours nothing can be removed, so that it may be the new one. A
   * list that is short for a moment shows as much, and need not be believed.
   */
  private void lists(Observed observed) {
    empty = observed.isWithout("default") && !observed.filtered();
    if (empty) {
      told.ifPresent(homes::add);
    }
  }

  /**
   * Somebody has said that what is withheld may go: at the agent that it says, and nowhere else.
   */
  void approved(Withheld withheld) {
    word = Optional.of(withheld.why());
  }

  private boolean isApproved() {
    return word.filter(why -> why.contains(" is %s (".formatted(now))).isPresent();
  }

  /**
   * A pass is over: a word that has let something go was about this agent, too; one for which there
   * was nothing to let go changes nothing.
   */
  void passed(Optional<Withheld> left) {
    if (isApproved() && left.isEmpty()) {
      told.ifPresent(homes::add);
    }
  }

  /** Returns whether the agent is another one, and nobody has said that it is right. */
  boolean isToBeLeftAlone() {
    return !homes.isEmpty() && !homes.contains(now) && !isApproved();
  }
}
