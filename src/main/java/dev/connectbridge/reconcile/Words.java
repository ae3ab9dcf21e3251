package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.plan.Change;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Plan.Conflict;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people say about single entries: which to take, which to give away, which to forget. Said
 * from any thread, done by the thread that does the passes.
 */
final class Words {
  private static final Logger log = LoggerFactory.getLogger(Words.class);

  private final AgentApi agent;
  private final Drifts drifts;
  private final PortMemory ports;
  private final Queue<Said> inbox = new ConcurrentLinkedQueue<>();
  private final Releases releases;
  private List<Registration> held = List.of();

  Words(AgentApi agent, Drifts drifts, PortMemory ports, Releases releases) {
    this.releases = releases;
    this.agent = agent;
    this.drifts = drifts;
    this.ports = ports;
  }

  /** What can be said. */
  enum Word {
    ADOPT,
    RELEASE,
    FORGET
  }

  private record Said(Word word, String name, CompletableFuture<List<String>> answer) {}

  /** Says something; it is done in the next pass that sees the agent, and answered with the IDs. */
  CompletableFuture<List<String>> say(Word word, String name) {
    CompletableFuture<List<String>> answer = new CompletableFuture<>();
    inbox.add(new Said(word, name, answer));
    return answer;
  }

  /** Gives away what somebody wants to have given away, before the agent is looked at. */
  void beforeLooking() {
    for (Said said : List.copyOf(inbox)) {
      if (said.word() == Word.RELEASE && inbox.remove(said)) {
        answer(said, this::release);
      }
    }
  }

  private void answer(Said said, Doing doing) {
    try {
      said.answer().complete(doing.on(said.name()));
    } catch (AgentException e) {
      said.answer().completeExceptionally(new IllegalStateException(e.getMessage(), e));
    } catch (IllegalArgumentException e) {
      said.answer().completeExceptionally(e);
    }
  }

  /** Something that the agent may refuse. */
  @FunctionalInterface
  private interface Doing {
    List<String> on(String name) throws AgentException;
  }

  /** The sidecar first: one without its service would be an orphan, and be removed. */
  private List<String> release(String name) throws AgentException {
    List<String> ids = new ArrayList<>();
    for (Registration one : held) {
      if (isCalled(one, name)) {
        if (one.sidecar().isPresent() && agent.disown(one.id().sidecar())) {
          ids.add(one.id().sidecar());
        }
        if (agent.disown(one.id().value())) {
          ids.add(one.id().value());
        }
        releases.add(one.id(), one.marks().hash());
        log.info("released {}: it stays at the agent, and is nobody's", one.id());
      }
    }
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("nothing of ours at the agent is called " + name);
    }
    return ids;
  }

  private static boolean isCalled(Registration one, String name) {
    return one.id().value().equals(name)
        || one.marks().group().equals(name)
        || one.marks().group().replace('/', '.').equals(name.replace('/', '.'));
  }

  /** Heeds what was said: what is to be taken is written, what was given away is left alone. */
  View heed(View view) {
    Plan plan = view.plan();
    Map<ServiceId, Registration> wanted = new HashMap<>();
    view.desired()
        .workloads()
        .forEach(one -> wanted.put(one.registration().id(), one.registration()));
    Set<ServiceId> taken = new HashSet<>();
    for (Said said = inbox.poll(); said != null; said = inbox.poll()) {
      Said one = said;
      answer(
          one,
          one.word() == Word.ADOPT
              ? name -> adopt(name, plan, wanted, taken)
              : name -> forget(name));
    }
    Set<ServiceId> others = plan.conflicts().stream().map(Conflict::id).collect(Collectors.toSet());
    others.stream()
        .filter(id -> releases.hash(id).filter(hash -> isAnother(hash, wanted.get(id))).isPresent())
        .forEach(taken::add);
    releases.end(id -> taken.contains(id) || isOver(id, view, wanted));
    return leaving(view.withPlan(plan.taking(taken, wanted)), others);
  }

  private static boolean isAnother(String hash, Registration wanted) {
    return !wanted.marks().hash().equals(hash);
  }

  /** It is ours again, is to be something else, or is neither wanted nor anybody's any more. */
  private boolean isOver(ServiceId id, View view, Map<ServiceId, Registration> wanted) {
    if (view.observed().registrations().stream().anyMatch(held -> held.id().equals(id))) {
      return true;
    }
    Registration now = wanted.get(id);
    return now == null
        ? view.desired().complete()
            && view.observed().foreign().stream().noneMatch(one -> one.id().equals(id.value()))
        : isAnother(releases.hash(id).orElseThrow(), now);
  }

  /** What was given away and is not there is not looked for either. */
  private View leaving(View view, Set<ServiceId> others) {
    Set<ServiceId> given = releases.ids();
    Plan plan = view.plan();
    List<Change> changes =
        plan.changes().stream().filter(one -> !given.contains(one.wanted().id())).toList();
    List<Workload> there =
        view.desired().workloads().stream()
            .filter(
                one ->
                    !given.contains(one.registration().id())
                        || others.contains(one.registration().id()))
            .toList();
    return view.withDesired(view.desired().withWorkloads(there))
        .withPlan(plan.leaving(given).withChanges(changes));
  }

  /** Returns what was given away. */
  Set<ServiceId> released() {
    return releases.ids();
  }

  /** Returns whether an entry was given away. */
  boolean isReleased(ServiceId id) {
    return releases.has(id);
  }

  private List<String> adopt(
      String name, Plan plan, Map<ServiceId, Registration> wanted, Set<ServiceId> taken) {
    ServiceId id = id(name);
    if (!wanted.containsKey(id)) {
      throw new IllegalArgumentException("no spec wants " + name);
    }
    boolean fought = drifts.forget(id);
    boolean contested = plan.conflicts().stream().anyMatch(conflict -> conflict.id().equals(id));
    boolean given = releases.end(id::equals);
    if (!fought && !contested && !given) {
      throw new IllegalArgumentException(name + " is in nobody else's hands");
    }
    taken.add(id);
    log.info("adopted {}: it is written whoever else does", id);
    return List.of(id.value());
  }

  private List<String> forget(String name) {
    ServiceId id = id(name);
    List<String> forgotten = new ArrayList<>();
    if (drifts.forget(id)) {
      forgotten.add("the fight over it");
    }
    if (releases.end(id::equals)) {
      forgotten.add("that it was released");
    }
    if (ports.forget(id.allocation())) {
      forgotten.add("its ports");
    }
    return forgotten;
  }

  /** A sidecar is spoken of by the ID of its service. */
  private static ServiceId id(String name) {
    String service =
        name.endsWith(ServiceId.SIDECAR_SUFFIX)
            ? name.substring(0, name.length() - ServiceId.SIDECAR_SUFFIX.length())
            : name;
    if (!ServiceId.looksOurs(service)) {
      throw new IllegalArgumentException("no ID of ours: " + name);
    }
    return new ServiceId(service);
  }

  /** Remembers what stands there after a pass. */
  void remember(List<Registration> there) {
    held = List.copyOf(there);
  }
}
