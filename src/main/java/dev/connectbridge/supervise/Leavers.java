package dev.connectbridge.supervise;

import static java.util.stream.Collectors.toSet;

import dev.connectbridge.drain.Drain;
import dev.connectbridge.drain.Drain.Request;
import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.drain.Receipt.Cause;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Decides what leaves: what passes hand over, what somebody names, what nobody wants any more, and
 * in the end everything. For the supervisor's thread alone.
 */
final class Leavers {
  private final Drains drains;
  private final Tasks tasks;
  private final Holds holds;
  private final Fence fence;
  private final Looks looks;
  private final Groups groups = new Groups();
  private boolean leavingAll;

  Leavers(Drains drains, Tasks tasks, Holds holds, Fence fence, Looks looks) {
    this.drains = drains;
    this.tasks = tasks;
    this.holds = holds;
    this.fence = fence;
    this.looks = looks;
  }

  /** Returns whether everything leaves. */
  boolean isAll() {
    return leavingAll;
  }

  /** Hears what is wanted, by a look at the agent; returns whether a group was let back by it. */
  boolean see(Desired wanted, Set<ServiceId> registered, long look) {
    looks.goBy(look);
    groups.see(wanted);
    if (leavingAll) {
      return false;
    }
    boolean letBack = holds.see(wanted);
    tasks.see(
        wanted, registered.stream().filter(id -> !looks.isOutdated(id.value())).collect(toSet()));
    keep();
    return letBack;
  }

  /** What is wanted again keeps its tasks; what somebody's word holds back is not wanted. */
  private void keep() {
    Set<String> ids = groups.services();
    ids.removeIf(fence::isHeld);
    drains.wantedAgain(ids, tasks.leftovers().right());
  }

  /** Has entries leave that a pass, by a look at the agent, has found to be unwanted. */
  void handOver(List<Removal> unwanted, long look, Duration at) {
    looks.goBy(look);
    SortedMap<String, List<Removal>> byAllocation = new TreeMap<>();
    for (Removal removal : unwanted) {
      if (!looks.isOutdated(removal.service().value())) {
        byAllocation
            .computeIfAbsent(removal.service().allocation(), any -> new ArrayList<>())
            .add(removal);
      }
    }
    Cause cause = leavingAll ? Cause.SHUTDOWN : Cause.UNWANTED;
    byAllocation.values().forEach(removals -> begin(leaving(removals), cause, at));
  }

  private Leaving leaving(List<Removal> removals) {
    Removal first = removals.get(0);
    return tasks.behind(
        new Leaving(
            first.service().allocation(),
            first.marks().group(),
            first.marks().source(),
            removals.stream().map(Leavers::service).toList(),
            List.of(),
            Duration.ZERO));
  }

  private static Service service(Removal removal) {
    return new Service(
        removal.service().value(), removal.name(), removal.hasSidecar(), removal.isOrphan());
  }

  private void begin(Leaving leaving, Cause cause, Duration at) {
    var unused = drains.begin(leaving, new Request(cause, at, false, Optional.empty()));
  }

  /** Has tasks leave that nobody wants any more, or that are others now. */
  void step(Duration now) {
    if (!leavingAll) {
      tasks.leftovers().unwanted().forEach(rest -> begin(rest, Cause.UNWANTED, now));
      tasks.leftovers().replaced().forEach(old -> begin(old, Cause.REPLACED, now));
    }
  }

  /** Has everything leave. What is held back is gone, or a pass that finds it hands it over. */
  void all(Duration now) {
    leavingAll = true;
    groups.all().stream()
        .map(tasks::behind)
        .filter(leaving -> !leaving.tasks().isEmpty() || !isHeld(leaving))
        .forEach(leaving -> begin(leaving, Cause.SHUTDOWN, now));
    tasks.leftovers().unwanted().forEach(rest -> begin(rest, Cause.SHUTDOWN, now));
  }

  private boolean isHeld(Leaving leaving) {
    return leaving.services().stream().allMatch(service -> fence.isHeld(service.id()));
  }

  /** Has a group leave by its name, and holds it back. */
  CompletableFuture<DrainReceipt> named(
      String group, Duration at, boolean hurried, Optional<Duration> deadline) {
    List<Workload> workloads = groups.named(group);
    Leaving leaving = tasks.behind(Groups.leaving(workloads));
    holds.hold(leaving, Holds.print(workloads));
    return drains
        .begin(leaving, new Request(Cause.COMMAND, at, hurried, deadline))
        .orElseThrow(() -> new IllegalArgumentException("nothing to drain in " + group));
  }

  /** Lets a group back, and tries its tasks anew; returns whether it was held back. */
  boolean letBack(String group) {
    String name =
        Groups.among(holds.groups(), group)
            .orElseGet(() -> groups.named(group).get(0).registration().marks().group());
    boolean released = holds.release(name);
    tasks.retry(name);
    if (!leavingAll) {
      keep();
    }
    return released;
  }

  /** A drain is over. */
  void finished(Drain drain) {
    tasks.wants().gone(drain.leaving());
    if (!drain.isCancelled()) {
      looks.removed(drain.leaving().serviceIds());
    }
  }
}
