package dev.connectbridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.consul.ValueJson;
import dev.connectbridge.plan.Change;
import dev.connectbridge.plan.Change.FieldChange;
import dev.connectbridge.plan.EntryChange;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Plan.Conflict;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.reconcile.View;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.TaskSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The JSON documents that the commands print; src/docs/formats.md describes their shapes. */
final class Documents {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");
  private static final ObjectWriter WRITER =
      new ObjectMapper()
          .writer(
              new DefaultPrettyPrinter()
                  .withObjectIndenter(INDENTER)
                  .withArrayIndenter(INDENTER)
                  .withSeparators(
                      Separators.createDefaultInstance()
                          .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                          .withObjectEmptySeparator("")
                          .withArrayEmptySeparator("")));

  private Documents() {}

  static String text(JsonNode document) {
    try {
      return WRITER.writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode version(String version, String java) {
    return JSON.objectNode()
        .put("name", "connect-bridge")
        .put("version", version)
        .put("java", java);
  }

  static ObjectNode validated(List<Findings> findings) {
    ObjectNode document = JSON.objectNode();
    ArrayNode files = document.putArray("files");
    for (Findings file : findings) {
      ObjectNode one = files.addObject().put("file", file.file());
      one.set("problems", inFile(file.problems()));
      one.set("warnings", inFile(file.warnings()));
    }
    return document.put("valid", findings.stream().allMatch(file -> file.problems().isEmpty()));
  }

  static ObjectNode rendered(List<Draft> drafts) {
    ObjectNode document = JSON.objectNode();
    ArrayNode files = document.putArray("files");
    drafts.forEach(draft -> files.add(rendered(draft)));
    return document;
  }

  private static ObjectNode rendered(Draft draft) {
    ObjectNode file = JSON.objectNode().put("file", draft.findings().file());
    ArrayNode registrations = file.putArray("registrations");
    draft
        .requests()
        .forEach(put -> registrations.addObject().put("path", put.path()).set("body", put.body()));
    ArrayNode entries = file.putArray("config_entries");
    draft
        .entries()
        .forEach(put -> entries.addObject().put("path", put.path()).set("body", put.body()));
    file.set("problems", inFile(draft.findings().problems()));
    file.set("warnings", inFile(draft.findings().warnings()));
    ArrayNode tasks = file.putArray("sidecar_tasks");
    draft.tasks().forEach(task -> tasks.add(task(task)));
    if (draft.isProvisional()) {
      file.put("provisional", true);
    }
    return file;
  }

  /** Returns a task with Nomad's names; what the driver is left to is null, as Nomad has it. */
  static ObjectNode task(TaskSpec task) {
    ObjectNode document = JSON.objectNode();
    document.put("Name", task.name()).put("Driver", task.driver()).put("User", task.user());
    document.set("Config", task.config().isEmpty() ? JSON.nullNode() : ValueJson.of(task.config()));
    document.set("Env", texts(task.env()));
    ObjectNode resources = document.putObject("Resources");
    number(resources, "CPU", task.resources().cpuMhz());
    number(resources, "MemoryMB", task.resources().memoryMb());
    document.set("Meta", texts(task.meta()));
    ObjectNode logs = document.putObject("LogConfig");
    number(logs, "MaxFiles", task.logs().maxFiles());
    number(logs, "MaxFileSizeMB", task.logs().maxFileSizeMb());
    return document
        .put("KillTimeout", task.killTimeout().toNanos())
        .put("ShutdownDelay", task.shutdownDelay().toNanos())
        .put("KillSignal", task.killSignal());
  }

  static ObjectNode planned(View view) {
    ObjectNode document = planned(view.plan(), view.desired(), view.withheld());
    if (!view.unread().isEmpty()) {
      put(document, view.unread());
    }
    return document;
  }

  private static ObjectNode planned(Plan plan, Desired desired, Optional<Withheld> withheld) {
    ObjectNode document = JSON.objectNode();
    ArrayNode changes = document.putArray("changes");
    plan.removals().forEach(removal -> changes.add(of(removal)));
    plan.entries().forEach(entry -> changes.add(of(entry)));
    plan.changes().forEach(change -> changes.add(of(change)));
    ArrayNode conflicts = document.putArray("conflicts");
    plan.conflicts().forEach(conflict -> conflicts.add(of(conflict)));
    plan.foreignEntries().forEach(entry -> conflicts.add(contested(entry)));
    document.set("problems", anywhere(desired.problems()));
    document.set("warnings", anywhere(desired.warnings()));
    long added = plan.additions();
    document
        .putObject("summary")
        .put("add", added)
        .put("change", plan.writes() - added)
        .put("destroy", plan.removals().size());
    withheld.ifPresent(left -> document.set("withheld", of(left)));
    return document;
  }

  static ObjectNode synced(Outcome outcome) {
    ObjectNode document = planned(outcome.plan(), outcome.desired(), outcome.withheld());
    put(document, outcome.failures());
    return document.put(
        "applied",
        outcome.failures().isEmpty()
            && !outcome.plan().isContested()
            && outcome.withheld().isEmpty());
  }

  private static void put(ObjectNode document, List<Failure> failures) {
    ArrayNode list = document.putArray("failures");
    for (Failure failure : failures) {
      list.addObject()
          .put("id", failure.id())
          .put("kind", failure.error().kind().name().toLowerCase(Locale.ROOT))
          .put("message", failure.error().getMessage());
    }
  }

  static ObjectNode ran(String owner, String outcome) {
    return JSON.objectNode().put("owner", owner).put("outcome", outcome);
  }

  private static ObjectNode of(Withheld left) {
    ObjectNode node = JSON.objectNode().put("digest", left.digest()).put("why", left.why());
    ArrayNode groups = node.putArray("groups");
    left.groups().forEach(groups::add);
    ArrayNode ids = node.putArray("ids");
    left.ids().forEach(ids::add);
    return node.put("consentable", left.consentable());
  }

  private static ObjectNode of(Removal removal) {
    return change(
        "delete",
        removal.ids().get(removal.ids().size() - 1),
        removal.name(),
        removal.marks().source(),
        List.of());
  }

  private static ObjectNode of(Change change) {
    return change(
        change.held().isEmpty() ? "create" : "update",
        change.wanted().id().value(),
        change.wanted().name(),
        change.wanted().marks().source(),
        change.fields());
  }

  private static ObjectNode of(EntryChange entry) {
    ObjectNode change =
        change(
            entry.held().isEmpty() ? "create" : "update",
            entry.wanted().id(),
            entry.wanted().name(),
            entry.wanted().source(),
            entry.fields());
    return change.put("config_entry", entry.wanted().kind());
  }

  private static ObjectNode contested(EntryChange entry) {
    return JSON.objectNode()
        .put("id", entry.wanted().id())
        .put("taken", entry.wanted().id())
        .put("owner", entry.held().flatMap(held -> held.owner()).orElse(null))
        .put("config_entry", entry.wanted().kind());
  }

  private static ObjectNode change(
      String action, String id, String name, String source, List<FieldChange> fields) {
    ObjectNode change = JSON.objectNode().put("action", action).put("id", id).put("name", name);
    ArrayNode list = change.put("source", source).putArray("fields");
    fields.stream()
        .map(FieldChange::shown)
        .forEach(
            field ->
                list.addObject()
                    .put("path", field.path())
                    .put("before", field.before().orElse(null))
                    .put("after", field.after().orElse(null)));
    return change;
  }

  private static ObjectNode of(Conflict conflict) {
    return JSON.objectNode()
        .put("id", conflict.id().value())
        .put("taken", conflict.taken())
        .put("owner", conflict.other().map(Marks::owner).orElse(null));
  }

  private static ArrayNode inFile(List<Problem> problems) {
    return list(problems.stream().map(Documents::inFile));
  }

  private static ArrayNode anywhere(List<Problem> problems) {
    return list(
        problems.stream()
            .map(
                problem -> {
                  ObjectNode document = JSON.objectNode().put("file", problem.file());
                  return document.setAll(inFile(problem));
                }));
  }

  private static ObjectNode inFile(Problem problem) {
    return JSON.objectNode()
        .put("path", problem.path())
        .put("message", problem.message())
        .put("line", problem.place().line())
        .put("column", problem.place().column());
  }

  private static ArrayNode list(Stream<? extends JsonNode> documents) {
    ArrayNode list = JSON.arrayNode();
    documents.forEach(list::add);
    return list;
  }

  private static JsonNode texts(Map<String, String> map) {
    if (map.isEmpty()) {
      return JSON.nullNode();
    }
    ObjectNode texts = JSON.objectNode();
    map.forEach(texts::put);
    return texts;
  }

  private static void number(ObjectNode document, String name, OptionalInt number) {
    number.ifPresent(value -> document.put(name, value));
  }
}
