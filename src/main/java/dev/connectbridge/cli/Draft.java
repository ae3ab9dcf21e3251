package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.consul.AgentRequests;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Resolver;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.spec.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One file as the agent would be told it, drafted without the agent.
 *
 * @param findings what is wrong with it; then there is nothing else
 * @param entries the requests that come first: the configuration entries of gateways
 * @param requests the requests, by service ID; what is still open has a provisional value
 * @param shown the same bodies for people; what is still open has a placeholder
 * @param tasks the tasks that run the sidecars, each once
 */
record Draft(
    Findings findings,
    List<AgentRequests.Put> entries,
    List<AgentRequests.Put> requests,
    List<JsonNode> shown,
    List<TaskSpec> tasks) {

  private static final int LAST_PORT = 65535;

  Draft {
    entries = List.copyOf(entries);
    requests = List.copyOf(requests);
    shown = List.copyOf(shown);
    tasks = List.copyOf(tasks);
  }

  /** Returns whether anything in the requests is still open. */
  boolean isProvisional() {
    return !requests.stream().map(AgentRequests.Put::body).toList().equals(shown);
  }

  static Draft of(SpecFiles.Named named, Offline offline) {
    List<Snapshot.File> files = List.of(named.file());
    Snapshot snapshot = new Snapshot(files, true, List.of());
    Desired desired = Resolver.resolve(snapshot, offline.provisional(files));
    List<AgentRequests.Put> requests = requests(desired);
    List<TaskSpec> tasks =
        desired.workloads().stream()
            .flatMap(workload -> workload.task().stream())
            .distinct()
            .toList();
    return new Draft(
        new Findings(named.name(), desired.problems(), desired.warnings()),
        desired.entries().stream().map(AgentRequests::configEntry).toList(),
        requests,
        shown(requests, desired, snapshot, offline),
        tasks);
  }

  private static List<AgentRequests.Put> requests(Desired desired) {
    return desired.workloads().stream()
        .map(Workload::registration)
        .map(AgentRequests::register)
        .toList();
  }

  /**
   * What is still open is found by resolving again with other values in its place: what comes out
   * differently rests on them.
   */
  private static List<JsonNode> shown(
      List<AgentRequests.Put> requests, Desired desired, Snapshot snapshot, Offline offline) {
    List<JsonNode> bodies = requests.stream().map(AgentRequests.Put::body).toList();
    if (!Offline.isOpen(snapshot.files())) {
      return bodies;
    }
    SortedMap<String, Integer> others = others(desired, bodies);
    List<AgentRequests.Put> again =
        requests(Resolver.resolve(snapshot, offline.placeholders(snapshot.files(), others)));
    if (again.size() != bodies.size()) {
      return bodies;
    }
    Placeholders placeholders =
        new Placeholders(
            others.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getValue(), entry -> label(entry))));
    List<JsonNode> shown = new ArrayList<>();
    for (int i = 0; i < bodies.size(); i++) {
      shown.add(placeholders.where(bodies.get(i), again.get(i).body()));
    }
    return shown;
  }

  private static String label(Map.Entry<String, Integer> port) {
    return port.getKey().substring(port.getKey().lastIndexOf('/') + 1);
  }

  /** Returns other ports than those drafted, none of which stands anywhere in the bodies. */
  private static SortedMap<String, Integer> others(Desired desired, List<JsonNode> bodies) {
    String everything = bodies.toString();
    SortedMap<String, Integer> others = new TreeMap<>();
    int next = LAST_PORT;
    for (String key : desired.ports().keySet()) {
      while (everything.contains(String.valueOf(next))) {
        next--;
      }
      others.put(key, next--);
    }
    return others;
  }
}
