package dev.connectbridge.converge;

import dev.connectbridge.consul.CatalogApi.NodeServices;
import dev.connectbridge.converge.Condition.Kind;
import dev.connectbridge.converge.Condition.Truth;
import dev.connectbridge.converge.Questions.Asked;
import dev.connectbridge.plan.Plan.Conflict;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.supervise.Readiness;
import dev.connectbridge.supervise.Status;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps since when what has been so, as passes, the catalog and the supervisor tell it. It decides
 * nothing. Safe for use by several threads; no call waits for anything but another.
 */
public final class ConvergenceBook {
  private final SortedMap<ServiceId, Standing> entries = new TreeMap<>();
  private final Ghosts ghosts;
  private Optional<NodeServices> catalog = Optional.empty();
  private List<String> problems = List.of();
  private String trouble = "the catalog has not been asked yet";

  /** Creates an empty one for an owner. */
  public ConvergenceBook(String owner) {
    this.ghosts = new Ghosts(owner);
  }

  /** Tells what a pass saw and did. */
  public synchronized void passed(Pass pass) {
    Map<ServiceId, Registration> wanted = wanted(pass);
    wanted.forEach((id, one) -> entries.computeIfAbsent(id, any -> new Standing(one)).want(one));
    entries.keySet().removeIf(id -> !wanted.containsKey(id) && !pass.leaving().test(id));
    Map<ServiceId, Conflict> conflicts = new HashMap<>();
    pass.plan().conflicts().forEach(conflict -> conflicts.put(conflict.id(), conflict));
    entries.forEach(
        (id, entry) -> {
          if (wanted.containsKey(id)) {
            accepted(pass, entry);
            AtAgent.say(pass, entry, wanted.get(id), Optional.ofNullable(conflicts.get(id)));
          } else {
            gone(entry, pass.at());
          }
        });
    problems = pass.desired().problems().stream().map(Problem::toString).toList();
    ghosts.held(pass);
    seeCatalog(pass.at());
  }

  /** What others keep removing is wanted all the same. */
  private static Map<ServiceId, Registration> wanted(Pass pass) {
    Map<ServiceId, Registration> wanted = new HashMap<>();
    pass.left().forEach((id, left) -> wanted.put(id, left.change().wanted()));
    pass.desired().workloads().stream()
        .map(Workload::registration)
        .forEach(one -> wanted.put(one.id(), one));
    return wanted;
  }

  /** Tells that a pass could not see the agent. */
  public synchronized void unseen(String why, Instant at, Optional<Instant> next) {
    for (Standing entry : entries.values()) {
      entry.say(Kind.AGENT_REGISTERED, Truth.UNKNOWN, "the agent cannot be seen", why, next, at);
      if (entry.hasSidecar()) {
        entry.say(
            Kind.SIDECAR_REGISTERED, Truth.UNKNOWN, "the agent cannot be seen", why, next, at);
      }
    }
  }

  private static void accepted(Pass pass, Standing entry) {
    String source = entry.marks().source();
    boolean frozen = pass.desired().frozen().contains(source);
    String problem =
        pass.desired().problems().stream()
            .filter(one -> one.file().equals(source) || one.file().endsWith("/" + source))
            .findFirst()
            .map(Problem::toString)
            .orElse("");
    if (frozen || !pass.desired().complete()) {
      entry.say(
          Kind.ACCEPTED,
          frozen ? Truth.FALSE : Truth.UNKNOWN,
          "its source cannot be read as it stands; what it last said goes on",
          problem,
          Optional.empty(),
          pass.at());
    } else {
      entry.say(Kind.ACCEPTED, Truth.TRUE, "", pass.at());
    }
    entry.say(Kind.RESOLVED, Truth.TRUE, "", pass.at());
  }

  private static void gone(Standing entry, Instant now) {
    String reason = "it is on its way out, or held back";
    entry.say(Kind.AGENT_REGISTERED, Truth.FALSE, reason, now);
    if (entry.hasSidecar()) {
      entry.say(Kind.SIDECAR_REGISTERED, Truth.FALSE, reason, now);
    }
  }

  /** Tells what the servers hold of this node. */
  public synchronized void catalog(NodeServices held, Instant now) {
    catalog = Optional.of(held);
    trouble = held.nodeKnown() ? "" : "the servers say nothing of this node to this token";
    seeCatalog(now);
  }

  /** Tells that the servers could not be asked. */
  public synchronized void catalogUnseen(String why, Instant now) {
    catalog = Optional.empty();
    trouble = why;
    seeCatalog(now);
  }

  private void seeCatalog(Instant now) {
    Optional<NodeServices> known = catalog.filter(NodeServices::nodeKnown);
    entries.forEach((id, entry) -> converged(id, entry, known, now));
    known.ifPresent(held -> ghosts.see(held, ids(), now));
  }

  /** Returns the IDs that are wanted, or on their way out. */
  private Set<String> ids() {
    Set<String> ids = new HashSet<>();
    entries.forEach((id, entry) -> ids.addAll(entry.ids()));
    return ids;
  }

  private void converged(ServiceId id, Standing entry, Optional<NodeServices> known, Instant now) {
    if (known.isEmpty()) {
      entry.say(
          Kind.CATALOG_CONVERGED,
          Truth.UNKNOWN,
          "the catalog is not known",
          trouble,
          Optional.empty(),
          now);
      return;
    }
    String reason = difference(id, entry, known.get());
    entry.say(Kind.CATALOG_CONVERGED, reason.isEmpty() ? Truth.TRUE : Truth.FALSE, reason, now);
  }

  /** Returns why the servers do not hold it as it is wanted; empty where they do. */
  private static String difference(ServiceId id, Standing entry, NodeServices held) {
    Set<String> missing = new HashSet<>(entry.ids());
    missing.removeAll(held.ids());
    if (!missing.isEmpty()) {
      return "the servers do not hold " + String.join(" and ", missing.stream().sorted().toList());
    }
    if (isOlder(held.marks().get(id.value()), entry)) {
      return "the servers hold what it was before";
    }
    // They take or refuse each row by itself.
    if (entry.hasSidecar() && isOlder(held.marks().get(id.sidecar()), entry)) {
      return "the servers hold what its sidecar was before";
    }
    return entry.isLeft() ? "the servers have it from the agent, where it is left otherwise" : "";
  }

  private static boolean isOlder(Marks held, Standing entry) {
    return held != null && !held.hash().equals(entry.marks().hash());
  }

  /**
   * Returns how far everything has come.
   *
   * @param status how drains and tasks stand
   * @param asked who was asked whether they are ready; of nobody else it is told
   */
  public synchronized Convergence told(Status status, Asked asked, Instant now) {
    Set<String> draining = new HashSet<>();
    status
        .drains()
        .forEach(
            drain -> drain.leaving().services().forEach(service -> draining.add(service.id())));
    entries.forEach(
        (id, entry) -> {
          String group = entry.marks().group();
          boolean leaves = draining.contains(id.value());
          entry.say(Kind.DRAINING, truth(leaves), "", now);
          entry.say(Kind.DRAINED, truth(!leaves && status.held().contains(group)), "", now);
          if (asked.groups().contains(group)) {
            ready(entry, asked, now);
          }
        });
    SortedSet<String> unasked = new TreeSet<>(groups());
    unasked.removeAll(asked.groups());
    return new Convergence(
        entries.values().stream()
            .map(entry -> entry.told(asked.groups().contains(entry.marks().group())))
            .toList(),
        ghosts.told(now),
        unasked,
        problems);
  }

  private static Truth truth(boolean so) {
    return so ? Truth.TRUE : Truth.FALSE;
  }

  private static void ready(Standing entry, Asked asked, Instant now) {
    Optional<Readiness> near = Optional.ofNullable(asked.near().get(entry.marks().group()));
    Optional<Readiness> far = Optional.ofNullable(asked.far().get(entry.marks().group()));
    String nobody = "nobody could say it";
    boolean waits = near.isPresent() && !near.get().isReady();
    ready(entry, Kind.PROXY_LISTENING, near, nobody, now);
    ready(entry, Kind.UPSTREAMS_READY, far, waits ? "its proxies come first" : nobody, now);
  }

  private static void ready(
      Standing entry, Kind kind, Optional<Readiness> readiness, String unknown, Instant now) {
    if (readiness.isEmpty()) {
      entry.say(kind, Truth.UNKNOWN, unknown, now);
    } else if (readiness.get().isReady()) {
      entry.say(kind, Truth.TRUE, "", now);
    } else {
      entry.say(
          kind,
          Truth.FALSE,
          readiness
              .get()
              .match(
                  () -> "",
                  waits -> waits,
                  (from, to) -> "no intention lets " + from + " connect to " + to),
          now);
    }
  }

  /** Returns whether an ID is, by the last pass, neither at the agent nor wanted nor leaving. */
  public synchronized boolean isNowhere(String id) {
    return ghosts.isNowhere(id, ids());
  }

  /** Returns the groups of what is wanted now. */
  public synchronized Set<String> groups() {
    Set<String> groups = new HashSet<>();
    entries.values().forEach(entry -> groups.add(entry.marks().group()));
    return groups;
  }
}
