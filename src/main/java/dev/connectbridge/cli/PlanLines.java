package dev.connectbridge.cli;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.plan.Change;
import dev.connectbridge.plan.EntryChange;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.plan.PlanText;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.reconcile.View;
import java.util.Map;
import java.util.stream.Collectors;

/** What is to be done and what was done, in Terraform's words. */
final class PlanLines {
  private PlanLines() {}

  static String of(View view) {
    Plan plan = view.plan();
    boolean quiet = plan.isEmpty() && !plan.isContested();
    if (quiet && !view.desired().problems().isEmpty()) {
      return "No changes. What has a problem is left as it is.\n";
    }
    if (quiet && !view.unread().isEmpty()) {
      return "No changes. What could not be read is left as it is.\n";
    }
    return view.withheld()
        .filter(left -> plan.isEmpty() && !plan.isContested())
        .map(left -> "")
        .orElseGet(() -> PlanText.of(plan));
  }

  /** Returns why something was not removed, and how to go on. */
  static String refused(Withheld left) {
    return "%s; %s%s"
        .formatted(left, left.remedy(), left.consentable() ? " with sync --force" : "");
  }

  /** Returns the line that counts what was done. */
  static String applied(Outcome outcome) {
    Map<String, Kind> failed =
        outcome.failures().stream()
            .collect(
                Collectors.toMap(
                    Failure::id, failure -> failure.error().kind(), (one, other) -> other));
    int added = 0;
    int changed = 0;
    int destroyed = 0;
    boolean lost = false;
    for (Removal removal : outcome.plan().removals()) {
      Kind why = failed.get(removal.ids().get(0));
      lost |= why != null && why.endsPass();
      destroyed += lost || why != null ? 0 : 1;
    }
    for (EntryChange entry : outcome.plan().entries()) {
      Kind why = failed.get(entry.wanted().id());
      lost |= why != null && why.endsPass();
      int done = lost || why != null ? 0 : 1;
      added += entry.held().isEmpty() ? done : 0;
      changed += entry.held().isEmpty() ? 0 : done;
    }
    for (Change change : outcome.plan().changes()) {
      Kind why = failed.get(change.wanted().id().value());
      lost |= why != null && why.endsPass();
      int done = lost || why != null ? 0 : 1;
      added += change.held().isEmpty() ? done : 0;
      changed += change.held().isEmpty() ? 0 : done;
    }
    return "Apply %s! Resources: %d added, %d changed, %d destroyed.\n"
        .formatted(failed.isEmpty() ? "complete" : "incomplete", added, changed, destroyed);
  }
}
