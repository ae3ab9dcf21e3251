package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.plan.Withheld;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps what is the last passing instance of its service, where that was asked for. Nobody is asked
 * unless something is to go, and then once a service; what is not known is kept.
 */
final class LastInstances {
  private final AgentApi agent;
  private final NodeFacts node;
  private final boolean on;

  LastInstances(AgentApi agent, NodeFacts node, boolean on) {
    this.agent = agent;
    this.node = node;
    this.on = on;
  }

  /**
   * Returns those without which no instance of their service would pass; sidecars are none.
   *
   * @param going what is to go, and stands at the agent
   */
  Optional<Withheld> judge(List<Removal> going) {
    SortedMap<String, List<Removal>> services = new TreeMap<>();
    if (on) {
      going.stream()
          .filter(removal -> !removal.isOrphan())
          .forEach(
              removal ->
                  services.computeIfAbsent(removal.name(), any -> new ArrayList<>()).add(removal));
    }
    List<Removal> kept = new ArrayList<>();
    List<String> last = new ArrayList<>();
    SortedMap<String, List<String>> unknown = new TreeMap<>();
    Optional<AgentException> mute = Optional.empty();
    for (var service : services.entrySet()) {
      try {
        if (mute.isPresent()) {
          throw mute.get();
        }
        if (passesBeside(service.getKey(), service.getValue())) {
          continue;
        }
        last.add(service.getKey());
      } catch (AgentException e) {
        // One that does not answer is not asked for each of many.
        mute = Optional.of(e).filter(why -> why.kind().retryable());
        unknown.computeIfAbsent(e.getMessage(), any -> new ArrayList<>()).add(service.getKey());
      }
      kept.addAll(service.getValue());
    }
    return kept.isEmpty() ? Optional.empty() : Optional.of(withheld(kept, last, unknown));
  }

  private boolean passesBeside(String service, List<Removal> going) throws AgentException {
    List<String> ids = going.stream().map(removal -> removal.service().value()).toList();
    return agent.passesBeside(service, node.name(), ids);
  }

  private static Withheld withheld(
      List<Removal> kept, List<String> last, SortedMap<String, List<String>> unknown) {
    List<String> why = new ArrayList<>();
    if (!last.isEmpty()) {
      why.add("no other instance of %s passes".formatted(String.join(", ", last)));
    }
    unknown.forEach(
        (error, services) ->
            why.add(
                "whether another instance of %s passes is not known (%s)"
                    .formatted(String.join(", ", services), error)));
    return new Withheld(
        kept, String.join("; ", why), "have another instance pass, or consent", true);
  }
}
