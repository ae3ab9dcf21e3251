package dev.connectbridge.supervise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.host.AppendLog;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.supervise.StormDriver.Run;
import dev.connectbridge.supervise.StormDriver.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was seen of a storm from outside of the bridge, and what must hold of it. */
final class StormBook {
  private final Path data;
  private final Storm storm;
  private final StormStays stays = new StormStays();
  private final Map<String, Duration> registered = new HashMap<>();
  private final Map<String, String> taskOf = new HashMap<>();
  private final Map<String, Duration> groupDelays = new HashMap<>();
  private final Set<String> begun = new TreeSet<>();

  /** The drains of which only a clock that was set since could tell how long ago they began. */
  private final Set<String> displaced = new HashSet<>();

  private final Set<String> maintained = new TreeSet<>();

  /** What may not go, and the task behind it: of a proxy that several share, one may leave. */
  private final Map<String, String> guarded = new HashMap<>();

  StormBook(Path data, Storm storm) {
    this.data = data;
    this.storm = storm;
  }

  /** Says the delay of a group, which never changes. */
  void delay(String job, Duration delay) {
    groupDelays.put(job, delay);
  }

  private Duration delayOf(Run run) {
    return groupDelays
        .get(run.order.group().substring(0, run.order.group().indexOf('.')))
        .plus(run.order.task().shutdownDelay());
  }

  /** These are what Consul knows now. */
  void known(Set<String> ids) {
    stays.known(ids, storm.now());
  }

  /** From now on what a file wrote at the agent, as far as it is not leaving, may not go. */
  void guard(String job, String file) {
    Set<String> written = new HashSet<>();
    storm.agent.real().holds().registrations().stream()
        .filter(held -> held.marks().source().equals(file))
        .forEach(held -> written.add(held.id().value()));
    taskOf.forEach(
        (id, task) -> {
          if (task.contains("proxy-" + job)
              && written.contains(id)
              && storm.driver.running().containsKey(task)
              && !storm.supervisor().isLeaving(new ServiceId(id))) {
            guarded.put(id, task);
          }
        });
  }

  /** They may go again. */
  void unguard(String job) {
    guarded.values().removeIf(task -> task.contains("proxy-" + job));
  }

  private static String task(Registration registration) {
    return TaskId.of(registration.id().allocation(), "connect-proxy-" + registration.name())
        .value();
  }

  void registered(Registration registration, SortedMap<String, String> running) {
    String id = registration.id().value();
    taskOf.put(id, task(registration));
    registered.put(id, storm.now());
    storm.must(
        !storm.supervisor().isLeaving(registration.id()) || running.isEmpty(),
        "I8: registered while it leaves: " + id);
    for (Run run : storm.driver.history()) {
      storm.must(
          registration.name().matches("[a-z]+") // it may be new behind a proxy of another's drain
              || !run.order.id().value().equals(taskOf.get(id))
              || !run.state.isRunning()
              || run.signals.isEmpty(),
          "I8: registered although its proxy is about to end: " + id);
    }
  }

  void deregistered(String id) {
    maintained.remove(id);
    String service = id.replace(ServiceId.SIDECAR_SUFFIX, "");
    storm.must(
        storm.supervisor().isLeaving(new ServiceId(service)), "nobody drains it any more: " + id);
    storm.must(!guarded.containsKey(service), "a file that cannot be read lost " + id);
  }

  void maintained(String id, boolean on) {
    if (on) {
      maintained.add(id);
    } else {
      maintained.remove(id);
    }
  }

  /** The agent has lost all it held, and so what was maintained. */
  void emptied() {
    maintained.clear();
  }

  Set<String> maintained() {
    return maintained;
  }

  /** Returns the IDs of what stands before a task. */
  Set<String> behind(String task) {
    Set<String> ids = new HashSet<>();
    taskOf.forEach(
        (id, one) -> {
          if (one.equals(task)) {
            ids.add(id);
            ids.add(id + ServiceId.SIDECAR_SUFFIX);
          }
        });
    return ids;
  }

  void signalled(Run run) {
    String task = run.order.id().value();
    storm.must(!guarded.containsValue(task), "a file that cannot be read lost " + task);
    for (String id : behind(task)) {
      Duration last = registered.get(id);
      storm.must(
          last == null
              || !displaced.isEmpty()
              || task.matches(".*proxy-[a-z]+")
              || storm.now().compareTo(last.plus(delayOf(run))) >= 0,
          "signalled before its delays were over: " + task);
    }
  }

  void killed(Run run) {
    String task = run.order.id().value();
    storm.must(!run.signals.isEmpty(), "killed, and never signalled: " + task);
    Signal last = run.signals.get(0);
    storm.must(
        storm.now().compareTo(last.at().plus(run.order.task().killTimeout())) >= 0,
        "killed before its time was over: " + task);
  }

  /** The journal is compacted by whoever reads it. */
  void keepBegun() {
    Map<String, JsonNode> open = new HashMap<>();
    for (JsonNode line : lines("drains.jsonl")) {
      String key = line.path("key").asText();
      if (line.path("event").asText().equals("begin")) {
        begun.add(drain(key, line));
        open.put(key, line);
      } else if (line.path("event").asText().equals("end")) {
        open.remove(key);
      }
    }
    open.forEach(
        (key, line) -> {
          if (!storm.clock.tellsUptime() && storm.clock.isSetSince(requested(line))) {
            displaced.add(drain(key, line));
          }
        });
  }

  private static String drain(String key, JsonNode words) {
    return key + " " + words.path("requested").asText();
  }

  private static Instant requested(JsonNode words) {
    return Instant.parse(words.path("requested").asText());
  }

  private List<JsonNode> lines(String name) {
    try {
      List<JsonNode> nodes = new ArrayList<>();
      for (String line : new AppendLog(data.resolve(name), 0).lines()) {
        Wording.read(line).ifPresent(nodes::add);
      }
      return nodes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the names of the tasks of which something is kept. */
  Set<String> records() {
    return new TreeSet<>(new TaskFiles(data).records().keySet());
  }

  /** Returns the drains that the journal holds open. */
  List<DrainJournal.Begun> open() {
    keepBegun();
    return new DrainJournal(Optional.of(new AppendLog(data.resolve("drains.jsonl"), 0)))
        .read()
        .drains();
  }

  /** Checks the receipts against what was seen. */
  void balance(int crashes) {
    keepBegun();
    Map<String, Integer> times = new TreeMap<>();
    List<JsonNode> receipts = lines("receipts.jsonl");
    for (JsonNode receipt : receipts) {
      times.merge(drain(key(receipt), receipt), 1, Integer::sum);
      proven(receipt);
    }
    storm.must(times.keySet().equals(begun), "receipts " + times + " but drains " + begun);
    times.forEach(
        (drain, count) ->
            storm.must(
                count <= 1 + crashes, count + " receipts in " + crashes + " crashes: " + drain));
    for (Run run : storm.driver.history()) {
      run.signals.forEach(signal -> accounted(run, signal, receipts));
      storm.must(
          run.heard.stream().distinct().count() == run.heard.size(),
          "signalled twice in one life: " + run.order.id() + " in " + run.heard);
    }
  }

  private static String key(JsonNode receipt) {
    return receipt.path("services").isEmpty()
        ? receipt.path("tasks").path(0).path("task").asText()
        : receipt.path("services").path(0).asText();
  }

  private void proven(JsonNode receipt) {
    if (!receipt.path("proven").asBoolean() || displaced.contains(drain(key(receipt), receipt))) {
      return;
    }
    Duration absent = at(receipt, receipt.path("absent_from_catalog_ms").asLong());
    for (JsonNode service : receipt.path("services")) {
      for (String id : List.of(service.asText(), service.asText() + ServiceId.SIDECAR_SUFFIX)) {
        Optional<Duration> since = stays.at(id, absent);
        storm.must(
            since.isEmpty(),
            "I5: proven, but " + id + " was there since " + since + ": " + receipt);
      }
    }
    for (JsonNode task : receipt.path("tasks")) {
      storm.must(
          task.path("signal_ms").isNull()
              || task.path("signal_ms").asLong() >= receipt.path("absent_from_catalog_ms").asLong()
              || storm.lives() > 1,
          "proven after the signal: " + receipt);
    }
  }

  private static Duration at(JsonNode receipt, long millis) {
    return StormClock.at(requested(receipt)).plusMillis(millis);
  }

  /** Returns the receipts without the time of day. */
  List<String> receipts() {
    return lines("receipts.jsonl").stream()
        .map(line -> ((ObjectNode) line).without("requested").toString())
        .toList();
  }

  /** A signal belongs to the last drain of its task that was asked for before it. */
  private void accounted(Run run, Signal signal, List<JsonNode> receipts) {
    String task = run.order.id().value();
    JsonNode last = null;
    for (JsonNode receipt : receipts) {
      boolean of = false;
      for (JsonNode end : receipt.path("tasks")) {
        of |= end.path("task").asText().equals(task);
      }
      if (of
          && at(receipt, 0).compareTo(signal.at()) <= 0
          && (last == null || at(receipt, 0).compareTo(at(last, 0)) >= 0)) {
        last = receipt;
      }
    }
    String what = task + " at " + signal.at() + ", " + last;
    storm.must(last != null, "a signal without a drain: " + what);
    storm.must(
        !last.path("verdict").asText().equals("CANCELLED"), "signalled though called off: " + what);
    if (displaced.contains(drain(key(last), last))) {
      return;
    }
    Duration delays = delayOf(run);
    Duration since = signal.at().minus(at(last, 0));
    storm.must(since.compareTo(delays) >= 0, "signalled too soon after its request: " + what);
    boolean known = false;
    for (JsonNode service : last.path("services")) {
      known |= signal.known().contains(service.asText());
      known |= signal.known().contains(service.asText() + ServiceId.SIDECAR_SUFFIX);
    }
    Duration floor = storm.policy.floor();
    Duration limit = delays.compareTo(floor) > 0 ? delays : floor;
    Duration held = storm.policy.hold().filter(hold -> hold.compareTo(limit) > 0).orElse(limit);
    storm.must(
        !known || since.compareTo(held) >= 0,
        "I6: signalled while Consul knew it, and before its time: " + what);
  }
}
