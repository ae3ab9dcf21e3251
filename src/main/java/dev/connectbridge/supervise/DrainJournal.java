package dev.connectbridge.supervise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.consul.OurAgent.Identity;
import dev.connectbridge.drain.Drain.Request;
import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Receipt.Cause;
import dev.connectbridge.host.AppendLog;
import dev.connectbridge.supervise.Moment.Machine;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must not be forgotten by a crash: the drains that have begun, and the groups that are held
 * back. A journal that cannot be written keeps no drain from going on; the receipt says so.
 */
final class DrainJournal {
  private static final Logger log = LoggerFactory.getLogger(DrainJournal.class);
  private static final int COMPACT_AFTER = 2_000;

  private final Optional<AppendLog> file;
  private final SortedMap<String, ObjectNode> open = new TreeMap<>();
  private int lines;

  /** Creates one in a file, or, without one, that forgets at the end of the process. */
  DrainJournal(Optional<AppendLog> file) {
    this.file = file;
  }

  /** A drain of an earlier process; {@code whose} is the agent that held what leaves. */
  record Begun(
      Leaving leaving,
      Cause cause,
      Moment requested,
      Optional<Identity> whose,
      boolean hurried,
      Optional<Duration> deadline,
      TreeSet<String> signalled) {

    /** Returns the request of a drain that takes so long on this process's clock. */
    Request on(Ticker ticker, Duration whole) {
      Duration at = ticker.now().minus(requested.ago(ticker, whole));
      return new Request(cause, at, hurried, deadline);
    }
  }

  /** A group that somebody's word holds back. */
  record Held(Leaving leaving, String print) {}

  /** What an earlier process has left. */
  record Left(List<Begun> drains, List<Held> held) {}

  /** Reads what an earlier process has left, and forgets what it has finished. */
  synchronized Left read() {
    if (file.isEmpty()) {
      return new Left(List.of(), List.of());
    }
    try {
      for (String line : file.get().lines()) {
        Wording.read(line).ifPresent(this::replay);
      }
      compact();
    } catch (IOException | RuntimeException e) {
      log.error("the journal of drains cannot be read: {}", e.getMessage());
    }
    List<Begun> drains = new ArrayList<>();
    List<Held> held = new ArrayList<>();
    for (JsonNode node : open.values()) {
      try {
        readInto(node, drains, held);
      } catch (RuntimeException e) {
        log.error("a line of the journal of drains makes no sense: {}", node);
      }
    }
    return new Left(drains, held);
  }

  private static void readInto(JsonNode node, List<Begun> drains, List<Held> held) {
    Leaving leaving = Wording.leaving(node.path("leaving"));
    if (node.path("event").asText().equals("hold")) {
      held.add(new Held(leaving, node.path("print").asText()));
    } else {
      drains.add(begun(node, leaving));
    }
  }

  private static Begun begun(JsonNode node, Leaving leaving) {
    TreeSet<String> signalled = new TreeSet<>();
    node.path("signalled").forEach(task -> signalled.add(task.asText()));
    return new Begun(
        leaving,
        Cause.valueOf(node.path("cause").asText()),
        requested(node),
        whose(node.path("agent")),
        node.path("hurried").asBoolean(),
        node.has("deadline_ms")
            ? Optional.of(Duration.ofMillis(node.path("deadline_ms").asLong()))
            : Optional.empty(),
        signalled);
  }

  private static Moment requested(JsonNode node) {
    return new Moment(
        Instant.parse(node.path("requested").asText()),
        node.has("boot")
            ? Optional.of(
                new Machine(
                    node.path("boot").asText(), Duration.ofMillis(node.path("up_ms").asLong())))
            : Optional.empty());
  }

  private static Optional<Identity> whose(JsonNode words) {
    List<String> all = new ArrayList<>();
    words.forEach(word -> all.add(word.asText()));
    return Identity.of(all);
  }

  private void replay(JsonNode node) {
    String key = node.path("key").asText();
    switch (node.path("event").asText()) {
      case "begin", "hold" -> open.put(key, (ObjectNode) node);
      case "signalled" -> {
        ObjectNode begun = open.get(key);
        if (begun != null) {
          begun.withArray("/signalled").add(node.path("task").asText());
        }
      }
      default -> open.remove(key);
    }
  }

  /** Returns whether the intent is on the disk. */
  synchronized boolean begin(
      Leaving leaving, Request request, Moment at, Optional<Identity> whose) {
    ObjectNode node = Wording.object().put("event", "begin").put("key", leaving.key());
    node.put("cause", request.cause().name()).put("requested", at.wall().toString());
    at.machine().ifPresent(run -> node.put("boot", run.boot()).put("up_ms", run.up().toMillis()));
    node.put("hurried", request.hurried());
    whose.ifPresent(agent -> agent.words().forEach(node.withArray("/agent")::add));
    request.deadline().ifPresent(deadline -> node.put("deadline_ms", deadline.toMillis()));
    node.set("leaving", Wording.of(leaving));
    return write(node);
  }

  synchronized boolean signalled(String key, String task) {
    return write(Wording.object().put("event", "signalled").put("key", key).put("task", task));
  }

  synchronized boolean end(String key) {
    return !open.containsKey(key) || write(Wording.object().put("event", "end").put("key", key));
  }

  synchronized boolean hold(Leaving leaving, String print) {
    ObjectNode node = Wording.object().put("event", "hold").put("key", holdKey(leaving));
    node.put("print", print);
    node.set("leaving", Wording.of(leaving));
    return write(node);
  }

  synchronized boolean release(Leaving leaving) {
    return end(holdKey(leaving));
  }

  private static String holdKey(Leaving leaving) {
    return "hold " + leaving.group() + " " + leaving.allocation();
  }

  private boolean write(ObjectNode node) {
    replay(node);
    if (file.isEmpty()) {
      return true;
    }
    try {
      file.get().append(Wording.line(node));
      if (++lines >= COMPACT_AFTER) {
        compact();
      }
      return true;
    } catch (IOException e) {
      log.error("the journal of drains cannot be written: {}", e.getMessage());
      return false;
    }
  }

  private void compact() throws IOException {
    file.orElseThrow()
        .replace(new LinkedHashMap<>(open).values().stream().map(Wording::line).toList());
    lines = 0;
  }

  /** Returns the keys that are open, for tests. */
  synchronized Map<String, ObjectNode> open() {
    return new TreeMap<>(open);
  }
}
