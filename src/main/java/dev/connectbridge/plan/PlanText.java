package dev.connectbridge.plan;

import dev.connectbridge.plan.Change.FieldChange;
import dev.connectbridge.plan.Plan.Conflict;
import dev.connectbridge.plan.Plan.Removal;
import java.util.Optional;

/** A plan for people, in Terraform's words; what may hold credentials is not shown. */
public final class PlanText {
  private PlanText() {}

  /** Returns the whole plan; what is removed comes first, each with its source. */
  public static String of(Plan plan) {
    if (plan.isEmpty() && !plan.isContested()) {
      return "No changes. The agent holds what the specs say.\n";
    }
    StringBuilder text = new StringBuilder();
    plan.removals().forEach(removal -> text.append(of(removal)));
    plan.entries().forEach(entry -> text.append(of(entry)));
    plan.changes().forEach(change -> text.append(of(change)));
    plan.conflicts().forEach(conflict -> text.append(of(conflict)));
    plan.foreignEntries().forEach(entry -> text.append(contested(entry)));
    return text.append(summary(plan)).toString();
  }

  /** Returns the line that counts. */
  public static String summary(Plan plan) {
    long added = plan.additions();
    int contested = plan.conflicts().size() + plan.foreignEntries().size();
    String conflicts = contested == 0 ? "" : ", %d in conflict".formatted(contested);
    return "Plan: %d to add, %d to change, %d to destroy%s.\n"
        .formatted(added, plan.writes() - added, plan.removals().size(), conflicts);
  }

  /** Returns the lines about one removal. */
  public static String of(Removal removal) {
    return "- %s will be destroyed (from %s)\n    %s\n\n"
        .formatted(removal.name(), removal.marks().source(), String.join("\n    ", removal.ids()));
  }

  private static String of(Change change) {
    boolean fresh = change.held().isEmpty();
    StringBuilder text = new StringBuilder();
    text.append(
        "%s %s will be %s (from %s)\n    %s\n"
            .formatted(
                fresh ? "+" : "~",
                change.wanted().name(),
                fresh ? "created" : "updated in-place",
                change.wanted().marks().source(),
                change.wanted().id()));
    for (FieldChange field : change.fields()) {
      if (!fresh || !field.path().startsWith("(")) {
        text.append(of(field.shown()));
      }
    }
    return text.append("\n").toString();
  }

  private static String of(EntryChange entry) {
    boolean fresh = entry.held().isEmpty();
    StringBuilder text = new StringBuilder();
    text.append(
        "%s %s %s will be %s for the whole cluster (from %s)\n"
            .formatted(
                fresh ? "+" : "~",
                entry.wanted().kind(),
                entry.wanted().name(),
                fresh ? "created" : "updated in-place",
                entry.wanted().source()));
    entry.fields().forEach(field -> text.append(of(field)));
    return text.append("\n").toString();
  }

  private static String contested(EntryChange entry) {
    StringBuilder text = new StringBuilder();
    text.append(
        "! %s %s is left alone: it is another than in %s, and %s\n"
            .formatted(
                entry.wanted().kind(),
                entry.wanted().name(),
                entry.wanted().source(),
                entry
                    .held()
                    .flatMap(held -> held.owner())
                    .map("belongs to owner \"%s\""::formatted)
                    .orElse("was written by somebody else")));
    entry.fields().forEach(field -> text.append(of(field)));
    return text.append("\n").toString();
  }

  private static String of(FieldChange field) {
    if (field.path().equals("(hash)")) {
      return "    ~ (hash) %s -> %s; stands for what the agent does not show, as what checks probe\n"
          .formatted(brief(field.before()), brief(field.after()));
    }
    String mark = field.before().isEmpty() ? "+" : field.after().isEmpty() ? "-" : "~";
    String before = field.before().orElse("");
    String after = field.after().orElse("");
    String arrow = field.before().isPresent() && field.after().isPresent() ? " -> " : "";
    return "    %s %s = %s%s%s\n".formatted(mark, field.path(), before, arrow, after);
  }

  private static String brief(Optional<String> hash) {
    return hash.filter(text -> !text.isEmpty())
        .map(text -> text.substring(0, Math.min(8, text.length())))
        .orElse("(none)");
  }

  private static String of(Conflict conflict) {
    String way = conflict.epoch() > 0 ? "" : "; to take it: connect-bridge adopt " + conflict.id();
    return "! %s is left alone: %s%s\n\n".formatted(conflict.id(), conflict, way);
  }
}
