package dev.connectbridge.testing;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.resolve.Observed.Orphan;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.Proxy;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.ServiceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * An agent in memory. To a registration it does what Consul does: it keeps a sidecar and checks
 * that a later write no longer says, and shows no probes. Every call leaves a line in the trace
 * before it is answered. Safe for use by several threads.
 */
public final class FakeAgent implements AgentApi {

  /** Who it says it is. */
  public static final AgentFacts FACTS =
      new AgentFacts("node-1", "node-id", "dc1", "1.8.7", "10.0.0.1", 21000, 21255);

  private final List<String> trace = new ArrayList<>();
  private final Map<String, Kind> failures = new HashMap<>();
  private final Map<String, Runnable> meanwhile = new HashMap<>();
  private final SortedMap<String, Registration> held = new TreeMap<>();
  private final SortedMap<String, Orphan> orphans = new TreeMap<>();
  private final SortedMap<String, Foreign> foreign = new TreeMap<>();
  private final SortedMap<String, HeldEntry> entries = new TreeMap<>();
  private Optional<Runnable> watcher = Optional.empty();
  private final Map<String, Health> healths = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final Set<String> passing = new HashSet<>();
  private final Map<String, String> serviceMarks = new HashMap<>();
  private AgentFacts facts = FACTS;
  private String tokenMark = "";
  private final Set<String> forbidden = new HashSet<>();
  private boolean serversAway;
  private boolean serversBehind;
  private boolean lending;
  private int questionsToServers;
  private boolean cut;
  private Set<String> hidden = Set.of();
  private int shortLooks;
  private boolean away;

  /** Makes it hold this and nothing else, as after a restart; leaves no trace. */
  public synchronized FakeAgent hold(Observed observed) {
    held.clear();
    orphans.clear();
    foreign.clear();
    observed.registrations().forEach(entry -> held.put(entry.id().value(), entry.asHeld()));
    observed.orphans().forEach(orphan -> orphans.put(orphan.id(), orphan));
    observed.foreign().forEach(entry -> foreign.put(entry.id(), entry));
    entries.clear();
    observed.entries().forEach(entry -> entries.put(entry.id(), entry));
    return this;
  }

  /** Makes it another agent by its own account. */
  public synchronized void be(AgentFacts other) {
    facts = other;
  }

  /** Makes it say that it has a data directory. */
  public synchronized void keepOnDisk() {
    facts =
        new AgentFacts(
            facts.nodeName(),
            facts.nodeId(),
            facts.datacenter(),
            facts.version(),
            facts.advertiseAddress(),
            facts.sidecarMinPort(),
            facts.sidecarMaxPort(),
            facts.offers(),
            true);
  }

  /** Fails a call, given as the line that it leaves in the trace, until {@link #heal}. */
  public synchronized void fail(String call, Kind kind) {
    failures.put(call, kind);
  }

  /** Has something happen in the midst of a call, given as the line that it leaves in the trace. */
  public synchronized void during(String call, Runnable what) {
    meanwhile.put(call, what);
  }

  /** Ends all failures. */
  public synchronized void heal() {
    failures.clear();
    away = false;
  }

  /** Answers nobody any more, until {@link #heal}. */
  public synchronized void goAway() {
    away = true;
  }

  /** Returns what it holds, without a trace. */
  public synchronized Observed holds() {
    return new Observed(
        List.copyOf(held.values()),
        List.copyOf(orphans.values()),
        List.copyOf(foreign.values()),
        List.copyOf(entries.values()));
  }

  /** Returns the calls so far. */
  public synchronized List<String> trace() {
    return List.copyOf(trace);
  }

  /** Returns the calls so far that were to change something, and forgets all calls. */
  public synchronized List<String> writes() {
    List<String> writes =
        trace.stream()
            .filter(call -> call.matches("(register|deregister|rewrite|maintain|end|write) .*"))
            .toList();
    trace.clear();
    return writes;
  }

  /** Returns how often a call was made. */
  public synchronized long count(String call) {
    return trace.stream().filter(call::equals).count();
  }

  /** Waits until a call was made so often; twenty seconds at most. */
  public synchronized void await(String call, int times) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (count(call) < times) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("no \"%s\" %d times in %s".formatted(call, times, trace));
      }
      wait(left);
    }
  }

  /** Makes its list miss these for so many looks, as one that reloads its configuration does. */
  public synchronized void hide(int looks, String... ids) {
    shortLooks = looks;
    hidden = Set.of(ids);
  }

  /** Makes its list miss services of this name for good, as for a token that may not see them. */
  public synchronized void forbid(String service) {
    forbidden.add(service);
  }

  /** Makes it say that there is more than the token may see, as a newer Consul does. */
  public synchronized void cut() {
    cut = true;
  }

  /** The token may see everything again. */
  public synchronized void allow() {
    forbidden.clear();
    cut = false;
  }

  @Override
  public synchronized Observed observe() throws AgentException {
    call("observe");
    boolean isShort = shortLooks-- > 0;
    Observed all = holds().withEntries(List.of());
    Observed seen =
        new Observed(
            all.registrations().stream()
                .filter(entry -> !(isShort && hidden.contains(entry.id().value())))
                .filter(entry -> !forbidden.contains(entry.name()))
                .map(
                    entry ->
                        isShort && hidden.contains(entry.id().sidecar())
                            ? entry.withoutSidecar()
                            : entry)
                .toList(),
            all.orphans(),
            all.foreign().stream()
                .filter(entry -> !(isShort && hidden.contains(entry.id())))
                .toList());
    return cut ? seen.withFiltered() : seen;
  }

  /** The servers behind it do not answer. */
  public synchronized void loseServers() {
    serversAway = true;
  }

  /** The servers behind it have not heard yet of what its list misses. */
  public synchronized void leaveServersBehind() {
    serversBehind = true;
  }

  /** Returns how often the servers were asked what they have. */
  public synchronized int questionsToServers() {
    return questionsToServers;
  }

  /** The servers have all that the token may see, whatever the list says; of others nothing. */
  @Override
  public synchronized boolean listsAll(String node, Set<String> listed, Set<String> among) {
    questionsToServers++;
    if (serversAway) {
      return false;
    }
    if (serversBehind || !node.equals(facts.nodeName())) {
      return true;
    }
    Set<String> all = new HashSet<>(foreign.keySet());
    held.values().stream()
        .filter(entry -> !forbidden.contains(entry.name()))
        .forEach(entry -> all.add(entry.id().value()));
    all.removeIf(id -> !among.isEmpty() && !among.contains(id));
    return listed.containsAll(all);
  }

  /** Makes this service have an instance that passes beside ours; none has unless said. */
  public synchronized void passing(String service, boolean beside) {
    if (beside) {
      passing.add(service);
    } else {
      passing.remove(service);
    }
  }

  @Override
  public synchronized boolean passesBeside(String service, String node, Collection<String> ids)
      throws AgentException {
    call("passes beside " + service);
    return passing.contains(service) || !node.equals(facts.nodeName());
  }

  @Override
  public synchronized Set<String> hidden(Collection<String> services) throws AgentException {
    if (failures.containsKey("hidden")) {
      throw new AgentException(failures.get("hidden"), "it may not be asked", null);
    }
    Set<String> unseen = new HashSet<>(services);
    unseen.retainAll(forbidden);
    return unseen;
  }

  @Override
  public synchronized AgentFacts facts() throws AgentException {
    call("facts");
    return facts;
  }

  @Override
  public synchronized void register(Registration wanted) throws AgentException {
    String id = wanted.id().value();
    call("register " + id);
    Optional<Registration> before = Optional.ofNullable(held.get(id));
    Registration now = wanted.asHeld();
    held.put(
        id,
        with(
            now,
            both(now.checks(), before.map(Registration::checks).orElse(List.of())),
            sidecar(now, before)));
    orphans.remove(wanted.id().sidecar());
    foreign.remove(id);
    foreign.remove(wanted.id().sidecar());
  }

  private Optional<Sidecar> sidecar(Registration now, Optional<Registration> before) {
    Optional<Sidecar> old =
        before
            .flatMap(Registration::sidecar)
            .or(() -> Optional.ofNullable(orphans.get(now.id().sidecar())).map(FakeAgent::adopted));
    return now.sidecar()
        .map(
            sidecar ->
                with(sidecar, both(sidecar.checks(), old.map(Sidecar::checks).orElse(List.of()))))
        .or(() -> old);
  }

  private static Sidecar adopted(Orphan orphan) {
    return new Sidecar(
        List.of(),
        "",
        orphan.port(),
        new TreeMap<>(),
        orphan.marks(),
        new Proxy("127.0.0.1", 0, new TreeMap<>(), "", List.of(), List.of()),
        List.of());
  }

  @Override
  public synchronized void deregister(String id) throws AgentException {
    call("deregister " + id);
    held.remove(id);
    orphans.remove(id);
    foreign.remove(id);
    held.replaceAll(
        (service, entry) ->
            entry.id().sidecar().equals(id)
                ? with(entry, entry.checks(), Optional.empty())
                : entry);
  }

  @Override
  public synchronized void deregisterCheck(String checkId) throws AgentException {
    call("deregister check " + checkId);
    held.replaceAll(
        (service, entry) ->
            with(
                entry,
                without(checkId, entry.checks()),
                entry.sidecar().map(sidecar -> with(sidecar, without(checkId, sidecar.checks())))));
  }

  @Override
  public synchronized Optional<HeldEntry> configEntry(String kind, String name)
      throws AgentException {
    call("config " + kind + "/" + name);
    return Optional.ofNullable(entries.get(kind + "/" + name));
  }

  @Override
  public synchronized void write(ConfigEntry entry, long index) throws AgentException {
    call("write " + entry.id());
    long now = Optional.ofNullable(entries.get(entry.id())).map(HeldEntry::index).orElse(0L);
    if (now != index) {
      throw new AgentException(Kind.BROKEN, entry.id() + " was changed", null);
    }
    entries.put(
        entry.id(),
        new HeldEntry(entry.kind(), entry.name(), entry.body(), entry.meta(), index + 1));
  }

  /** An entry that is not there is news at once, as Consul's 404 is. */
  @Override
  public void watch(ServiceId id, Runnable changed) {
    boolean gone;
    synchronized (this) {
      trace.add("watch " + id);
      notifyAll();
      gone = !held.containsKey(id.value());
      watcher = gone ? Optional.empty() : Optional.of(changed);
    }
    if (gone) {
      changed.run();
    }
  }

  @Override
  public synchronized void unwatch() {
    trace.add("unwatch");
    notifyAll();
    watcher = Optional.empty();
  }

  /** Tells whoever watches, once, and returns whether somebody did. */
  public boolean tellWatcher() {
    Optional<Runnable> told;
    synchronized (this) {
      told = watcher;
      watcher = Optional.empty();
    }
    told.ifPresent(Runnable::run);
    return told.isPresent();
  }

  @Override
  public synchronized boolean holds(String id) throws AgentException {
    call("holds " + id);
    Registration entry = held.get(id);
    if (entry != null && forbidden.contains(entry.name())) {
      throw new AgentException(Kind.FORBIDDEN, "no service:read on " + entry.name(), null);
    }
    return isHeld(id);
  }

  @Override
  public synchronized boolean rewrite(String id) throws AgentException {
    call("rewrite " + id);
    return isHeld(id);
  }

  /** What nobody marks is foreign from then on. */
  @Override
  public synchronized boolean disown(String id) throws AgentException {
    call("disown " + id);
    Registration entry = held.remove(id);
    if (entry != null) {
      foreign.put(id, new Foreign(id, entry.name(), entry.port()));
    }
    for (Registration parent : List.copyOf(held.values())) {
      if (parent.id().sidecar().equals(id)) {
        int port = parent.sidecar().orElseThrow().port();
        foreign.put(id, new Foreign(id, parent.name() + "-sidecar-proxy", port));
        held.put(parent.id().value(), with(parent, parent.checks(), Optional.empty()));
        return true;
      }
    }
    return entry != null;
  }

  private boolean isHeld(String id) {
    return held.containsKey(id)
        || orphans.containsKey(id)
        || foreign.containsKey(id)
        || held.values().stream()
            .anyMatch(entry -> entry.sidecar().isPresent() && entry.id().sidecar().equals(id));
  }

  /** Makes its token another one; what it was is not to be told from the mark. */
  public synchronized void carry(String mark) {
    tokenMark = mark;
  }

  /** Makes the token of a service another one. */
  public synchronized void carry(String service, String mark) {
    serviceMarks.put(service, mark);
  }

  @Override
  public synchronized String tokenMark(String service) {
    return serviceMarks.getOrDefault(service, tokenMark);
  }

  /** It has a token of its own for calls that carry none. */
  public synchronized void lendToken() {
    lending = true;
  }

  @Override
  public synchronized boolean mayLendToken() {
    return lending;
  }

  @Override
  public synchronized String tokenMark() {
    return tokenMark;
  }

  @Override
  public synchronized boolean maintain(String id, boolean on, String reason) throws AgentException {
    call((on ? "maintain " : "end maintenance of ") + id);
    return isHeld(id);
  }

  @Override
  public synchronized boolean updateCheck(String checkId, Status status, String output)
      throws AgentException {
    call("update " + checkId + " " + status);
    notes.add(status + " " + output);
    return true;
  }

  /** Returns what it was told of checks, the status before the note. */
  public synchronized List<String> notes() {
    return List.copyOf(notes);
  }

  /** Makes an entry's checks say this, whether it holds the entry or not. */
  public synchronized void say(String id, Health health) {
    healths.put(id, health);
  }

  /** Passing unless it was told to say something else. */
  @Override
  public synchronized Health health(String id) throws AgentException {
    call("health " + id);
    Health otherwise = isHeld(id) ? new Health(Status.PASSING, List.of()) : Health.UNKNOWN;
    return healths.getOrDefault(id, otherwise);
  }

  private void call(String call) throws AgentException {
    trace.add(call);
    notifyAll();
    meanwhile.getOrDefault(call, () -> {}).run();
    Kind kind = away ? Kind.UNREACHABLE : failures.get(call);
    if (kind != null) {
      throw new AgentException(kind, kind + " to " + call, null);
    }
  }

  private static List<Check> both(List<Check> now, List<Check> before) {
    List<Check> all = new ArrayList<>(now);
    before.stream()
        .filter(old -> now.stream().noneMatch(check -> check.id().equals(old.id())))
        .forEach(all::add);
    return all;
  }

  private static List<Check> without(String id, List<Check> checks) {
    return checks.stream().filter(check -> !check.id().equals(id)).toList();
  }

  private static Registration with(
      Registration entry, List<Check> checks, Optional<Sidecar> sidecar) {
    return new Registration(
        entry.id(),
        entry.name(),
        entry.tags(),
        entry.enableTagOverride(),
        entry.address(),
        entry.port(),
        entry.taggedAddresses(),
        entry.weights(),
        entry.meta(),
        entry.marks(),
        checks,
        entry.role(),
        sidecar);
  }

  private static Sidecar with(Sidecar sidecar, List<Check> checks) {
    return new Sidecar(
        sidecar.tags(),
        sidecar.address(),
        sidecar.port(),
        sidecar.meta(),
        sidecar.marks(),
        sidecar.proxy(),
        checks);
  }
}
