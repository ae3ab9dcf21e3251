package dev.connectbridge.supervise;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.launch.ScriptCheck;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.sidecar.TaskDriver.Ran;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.supervise.Lanes.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks that are run in the tasks of proxies, each at its interval, and told to the agent as
 * long as their service is not on its way out. For the supervisor's thread alone: it decides, the
 * lane runs.
 */
final class ScriptChecks {
  private static final Logger log = LoggerFactory.getLogger(ScriptChecks.class);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Edges edges;
  private final TaskHands hands;
  private final Tasks tasks;
  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private final Set<String> underWay = new HashSet<>();
  private final Set<String> troubled = new HashSet<>();

  ScriptChecks(Edges edges, TaskHands hands, Tasks tasks) {
    this.edges = edges;
    this.hands = hands;
    this.tasks = tasks;
  }

  /** A check, the task that it runs in, and the service that it is of. */
  private record Asked(ScriptCheck check, Launch launch, ServiceId service) {}

  /** What the agent is told. */
  private record Verdict(AgentApi.Status status, String note) {}

  private static final class Entry {
    private Asked asked;
    private String handle = "";
    private Duration next;

    private Entry(Asked asked, Duration next) {
      this.asked = asked;
      this.next = next;
    }
  }

  /** Takes up what is wanted now; where no tasks are run, somebody else reports. */
  void see(Desired wanted) {
    SortedMap<String, Asked> now = hands.runsTasks() ? asked(wanted) : new TreeMap<>();
    entries.keySet().retainAll(now.keySet());
    troubled.retainAll(now.keySet());
    now.forEach(
        (id, asked) -> {
          Duration soon = edges.ticker().now().plus(spread(asked.check()));
          Entry entry = entries.computeIfAbsent(id, any -> new Entry(asked, soon));
          if (!entry.asked.check().equals(asked.check())) {
            entry.next = soon;
          }
          entry.asked = asked;
        });
  }

  private static SortedMap<String, Asked> asked(Desired wanted) {
    Map<String, Launch> launches = new HashMap<>();
    for (Workload workload : wanted.workloads()) {
      workload.launch().ifPresent(launch -> launches.put(launch.id(), launch));
    }
    SortedMap<String, Asked> asked = new TreeMap<>();
    for (Workload workload : wanted.workloads()) {
      for (ScriptCheck check : workload.scripts()) {
        Launch launch = launches.get(check.launch());
        if (launch != null) {
          asked.put(check.id(), new Asked(check, launch, workload.registration().id()));
        }
      }
    }
    return asked;
  }

  /** So that the checks of many tasks that start at once do not run at once. */
  private static Duration spread(ScriptCheck check) {
    return Duration.ofMillis(Math.floorMod(check.id().hashCode(), SHORTEST.toMillis()));
  }

  /** Does what is due; returns when to look again though nothing happens. */
  Optional<Duration> step() {
    Duration now = edges.ticker().now();
    List<Duration> later = new ArrayList<>();
    entries.forEach((id, entry) -> tend(id, entry, now).ifPresent(later::add));
    return later.stream().min(Duration::compareTo);
  }

  private Optional<Duration> tend(String id, Entry entry, Duration now) {
    Asked asked = entry.asked;
    if (underWay.contains(id)
        || !tasks.isRegistered(asked.service())
        || edges.fence().isClosed(asked.service().value())) {
      return Optional.empty();
    }
    String handle = tasks.handle(asked.launch()).orElse("");
    if (!handle.equals(entry.handle)) {
      entry.handle = handle;
      entry.next = handle.isEmpty() ? now : now.plus(spread(asked.check()));
    }
    if (now.compareTo(entry.next) < 0) {
      return Optional.of(entry.next);
    }
    Duration interval = asked.check().interval();
    entry.next = now.plus(interval.compareTo(SHORTEST) < 0 ? SHORTEST : interval);
    underWay.add(id);
    String driver = asked.launch().task().driver();
    edges.lanes().run(Lane.CHECK, driver, () -> work(asked, !handle.isEmpty()));
    return Optional.empty();
  }

  /** In the lane. An agent that has no such check is told by the pass that registers it. */
  private void work(Asked asked, boolean runs) {
    Verdict verdict = runs ? run(asked) : new Verdict(AgentApi.Status.CRITICAL, notRunning(asked));
    String trouble = "";
    try {
      if (!edges.fence().isClosed(asked.service().value())) {
        edges.agent().updateCheck(asked.check().id(), verdict.status(), verdict.note());
      }
    } catch (AgentException e) {
      trouble = e.getMessage();
    }
    String said = trouble;
    edges.tell().accept(() -> done(asked.check().id(), said));
  }

  private static String notRunning(Asked asked) {
    return "task " + asked.launch().task().name() + " does not run";
  }

  private Verdict run(Asked asked) {
    try {
      Ran ran = hands.run(asked.launch(), asked.check());
      return switch (ran.code()) {
        case 0 -> new Verdict(AgentApi.Status.PASSING, ran.output());
        case 1 -> new Verdict(AgentApi.Status.WARNING, ran.output());
        case -1 -> new Verdict(AgentApi.Status.CRITICAL, tooLong(asked.check(), ran.output()));
        default -> new Verdict(AgentApi.Status.CRITICAL, ran.output());
      };
    } catch (TaskException | RuntimeException e) {
      return new Verdict(AgentApi.Status.CRITICAL, String.valueOf(e.getMessage()));
    }
  }

  private static String tooLong(ScriptCheck check, String output) {
    String limit = check.timeout().toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    return "timed out after " + limit + (output.isEmpty() ? "" : ": " + output);
  }

  private void done(String id, String trouble) {
    underWay.remove(id);
    if (trouble.isEmpty()) {
      troubled.remove(id);
    } else if (troubled.add(id)) {
      log.warn("the result of script check {} did not arrive: {}", id, trouble);
    }
  }
}
