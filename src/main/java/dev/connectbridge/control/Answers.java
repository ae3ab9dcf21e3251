package dev.connectbridge.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.control.Controlled.Standing;
import dev.connectbridge.control.Controlled.Withheld;
import dev.connectbridge.control.Request.Approve;
import dev.connectbridge.control.Request.Drain;
import dev.connectbridge.control.Request.Entry;
import dev.connectbridge.control.Request.Resume;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.drain.Receipt;
import dev.connectbridge.drain.Receipt.TaskEnd;
import dev.connectbridge.supervise.Status;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a daemon says to a line: {@code {"answer": …}} or {@code {"error": "…"}}. */
final class Answers {
  private static final Logger log = LoggerFactory.getLogger(Answers.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Controlled daemon;

  Answers(Controlled daemon) {
    this.daemon = daemon;
  }

  /** Returns the answer, without the end of the line; it never fails. */
  CompletionStage<String> to(String line) {
    CompletionStage<ObjectNode> answer;
    try {
      answer = answer(Request.of(line));
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.handle((said, error) -> error == null ? wrapped(said) : error(why(error)));
  }

  private static String wrapped(ObjectNode said) {
    return JSON.createObjectNode().set("answer", said).toString();
  }

  static String error(String why) {
    return JSON.createObjectNode().put("error", why).toString();
  }

  private static String why(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof IllegalArgumentException || cause instanceof IllegalStateException) {
      return cause.getMessage();
    }
    log.error("a question was not answered", cause);
    return "this should not have happened: " + cause;
  }

  private CompletionStage<ObjectNode> answer(Request request) {
    if (request instanceof Drain drain) {
      return daemon
          .drain(drain.group(), drain.hurried(), drain.deadline())
          .thenApply(receipt -> read(receipt.line()));
    }
    if (request instanceof Resume resume) {
      return daemon
          .resume(resume.group())
          .thenApply(
              held -> JSON.createObjectNode().put("group", resume.group()).put("was_held", held));
    }
    if (request instanceof Approve approve) {
      return daemon.approve(approve.digest()).thenApply(Answers::of);
    }
    if (request instanceof Entry entry) {
      return about(entry).thenApply(told -> told(entry, told));
    }
    return daemon.status().thenApply(Answers::of);
  }

  private CompletionStage<List<String>> about(Entry entry) {
    return switch (entry.word()) {
      case ADOPT -> daemon.adopt(entry.name());
      case RELEASE -> daemon.release(entry.name());
      case FORGET -> daemon.forget(entry.name());
      case REMOVE_GHOST -> daemon.removeGhost(entry.name());
    };
  }

  private static ObjectNode told(Entry entry, List<String> told) {
    ObjectNode node = JSON.createObjectNode().put("name", entry.name());
    ArrayNode done =
        node.putArray(
            switch (entry.word()) {
              case ADOPT -> "adopted";
              case RELEASE -> "released";
              case FORGET -> "forgotten";
              case REMOVE_GHOST -> "removed";
            });
    told.forEach(done::add);
    return node;
  }

  private static ObjectNode read(String line) {
    try {
      return (ObjectNode) JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the receipt is not JSON", e);
    }
  }

  static ObjectNode of(Standing standing) {
    Status status = standing.status();
    ObjectNode node = JSON.createObjectNode();
    ArrayNode drains = node.putArray("drains");
    status.drains().forEach(drain -> drains.add(of(drain)));
    node.put("not_proven", status.notProven());
    ArrayNode held = node.putArray("held");
    status.held().forEach(held::add);
    ArrayNode ready = node.putArray("ready");
    status.ready().forEach(ready::add);
    ArrayNode tasks = node.putArray("tasks");
    status.tasks().forEach(task -> tasks.add(of(task)));
    ConvergenceJson.into(node, standing.convergence());
    Connections connections = connections(standing);
    node.putObject("connections")
        .put("proxies", connections.proxies())
        .put("needed", connections.needed())
        .put("limit", connections.limit());
    ArrayNode warnings = node.putArray("warnings");
    connections.warning().ifPresent(warnings::add);
    status.warnings().forEach(warnings::add);
    node.set("withheld", standing.withheld().map(Answers::of).orElse(null));
    ArrayNode fights = node.putArray("fights");
    standing.fights().forEach((id, why) -> fights.addObject().put("id", id).put("why", why));
    node.putObject("writer")
        .put("state", standing.writer().state())
        .put("epoch", standing.writer().epoch())
        .put("why", standing.writer().why());
    return node;
  }

  private static ObjectNode of(Withheld withheld) {
    ObjectNode node = JSON.createObjectNode().put("digest", withheld.digest());
    node.put("why", withheld.why()).put("remedy", withheld.remedy());
    ArrayNode groups = node.putArray("groups");
    withheld.groups().forEach(groups::add);
    ArrayNode ids = node.putArray("ids");
    withheld.ids().forEach(ids::add);
    return node.put("consentable", withheld.consentable());
  }

  private static Connections connections(Standing standing) {
    long proxies =
        standing.status().tasks().stream()
            .filter(Status.Task::builtIn)
            .filter(task -> !task.handle().isEmpty())
            .count();
    return Connections.of((int) proxies, standing.connectionsPerClient());
  }

  private static ObjectNode of(Status.Task task) {
    return JSON.createObjectNode()
        .put("id", task.id())
        .put("group", task.group())
        .put("driver", task.driver())
        .put("state", task.state().name().toLowerCase(Locale.ROOT))
        .put("handle", task.handle())
        .put("restarts", task.restarts())
        .put("detail", task.detail());
  }

  private static JsonNode of(Receipt drain) {
    ObjectNode node = JSON.createObjectNode();
    node.put("group", drain.leaving().group());
    node.put("allocation", drain.leaving().allocation());
    ArrayNode services = node.putArray("services");
    drain.leaving().services().stream().map(Service::id).forEach(services::add);
    node.put("cause", drain.cause().name().toLowerCase(Locale.ROOT));
    time(node, "deregistered_at_agent_ms", drain.deregistered());
    time(node, "absent_from_catalog_ms", drain.absent());
    ArrayNode tasks = node.putArray("tasks");
    for (TaskEnd end : drain.tasks()) {
      ObjectNode task = tasks.addObject().put("task", end.task());
      time(task, "signal_ms", end.signalled());
      time(task, "kill_ms", end.killed());
      time(task, "exit_ms", end.ended());
      task.put("exit", end.exit());
    }
    return node;
  }

  private static void time(ObjectNode node, String name, Optional<Duration> time) {
    node.put(name, time.map(Duration::toMillis).orElse(null));
  }
}
