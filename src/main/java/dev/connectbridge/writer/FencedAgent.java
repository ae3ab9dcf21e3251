package dev.connectbridge.writer;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * An agent to which each write says which of its owner's writers it comes from, and on which no
 * writer touches what a newer one has written. The agent compares nothing itself, so before a write
 * whoever has not looked for a moment looks again: at the lock, since what a newer writer only
 * removed nobody can see, and at all that the agent holds.
 */
public final class FencedAgent implements AgentApi {
  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final Duration NEVER = Duration.ofDays(-1);

  private final AgentApi agent;
  private final String owner;
  private final Supplier<Mandate> mandate;
  private final Lease lease;
  private final Ticker ticker;
  private volatile Look last = new Look(NEVER, Map.of());
  private volatile Duration asked = NEVER;

  private record Look(Duration at, Map<String, Long> epochs) {
    long newest() {
      return epochs.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }
  }

  /** The lock behind a mandate. Each call may come from any thread. */
  public interface Lease {
    /** There is none. */
    Lease NONE =
        new Lease() {
          @Override
          public void met(long epoch) {}

          @Override
          public boolean isLost() {
            return false;
          }
        };

    /** Something was seen that a newer writer has written. */
    void met(long epoch);

    /** Asks Consul whether it is somebody else's by now, or nobody's; no answer says no. */
    boolean isLost();
  }

  /** Creates one that is not counted: it heeds nobody, and leaves what is said of others. */
  public FencedAgent(AgentApi agent, String owner) {
    this(agent, owner, () -> Mandate.alone("nobody asked for a lock"), Lease.NONE);
  }

  /**
   * Creates one.
   *
   * @param mandate whether it may write, as which writer, and whom it heeds; asked before each
   *     write
   */
  public FencedAgent(AgentApi agent, String owner, Supplier<Mandate> mandate, Lease lease) {
    this(agent, owner, mandate, lease, Ticker.SYSTEM);
  }

  FencedAgent(AgentApi agent, String owner, Supplier<Mandate> mandate, Lease lease, Ticker ticker) {
    this.agent = agent;
    this.owner = owner;
    this.mandate = mandate;
    this.lease = lease;
    this.ticker = ticker;
  }

  @Override
  public long heeds() {
    return mandate.get().heeds();
  }

  @Override
  public Observed observe() throws AgentException {
    Duration at = ticker.now();
    Observed observed = agent.observe();
    last = new Look(at, observed.epochs(owner));
    long newest = last.newest();
    long ours = mandate.get().epoch();
    if (ours > 0 && newest > ours) {
      lease.met(newest);
    }
    return observed;
  }

  @Override
  public void register(Registration registration) throws AgentException {
    ServiceId id = registration.id();
    Mandate now = mandate.get();
    long before = heeded(now, List.of(id.value(), id.sidecar()));
    agent.register(registration, now.epoch() > 0 ? now.epoch() : before);
  }

  @Override
  public void register(Registration registration, long said) throws AgentException {
    heeded(mandate.get(), List.of(registration.id().value(), registration.id().sidecar()));
    agent.register(registration, said);
  }

  @Override
  public void deregister(String id) throws AgentException {
    heeded(mandate.get(), List.of(id));
    agent.deregister(id);
  }

  @Override
  public boolean listsAll(String node, Set<String> listed, Set<String> among) {
    return agent.listsAll(node, listed, among);
  }

  @Override
  public boolean rewrite(String id) throws AgentException {
    heeded(mandate.get(), List.of(id));
    return agent.rewrite(id);
  }

  /** Each of its writes is one of ours, and heeded by itself. */
  @Override
  public void save(String name, List<String> ids, Predicate<String> isWrittenWith)
      throws AgentException {
    AgentApi.super.save(name, ids, isWrittenWith);
  }

  @Override
  public boolean disown(String id) throws AgentException {
    heeded(mandate.get(), List.of(id));
    return agent.disown(id);
  }

  @Override
  public boolean maintain(String id, boolean on, String reason) throws AgentException {
    heeded(mandate.get(), List.of(id));
    return agent.maintain(id, on, reason);
  }

  /**
   * Returns the newest writer of some entries, if it is not newer than those that we heed. Whoever
   * is counted, and has seen a newer one anywhere, does not know what that one wants elsewhere.
   */
  private long heeded(Mandate now, List<String> ids) throws AgentException {
    mustBeToWrite(now);
    Look look = now.isHeeding() ? fresh() : last;
    heedAll(now, look);
    long newest = 0;
    for (String id : ids) {
      newest = Math.max(newest, look.epochs.getOrDefault(id, 0L));
      heed(id, now, newest);
    }
    return newest;
  }

  private static void mustBeToWrite(Mandate now) throws AgentException {
    if (!now.isToWrite()) {
      throw outdated("it is another bridge's turn to write");
    }
  }

  private void heedAll(Mandate now, Look look) throws AgentException {
    if (now.epoch() > 0) {
      heed("an entry", now, look.newest());
    }
  }

  /** One thread asks for all: nobody writes while it is not known yet whose the lock is. */
  private synchronized Look fresh() throws AgentException {
    if (isOld(asked)) {
      asked = ticker.now();
      if (lease.isLost()) {
        asked = NEVER;
        lease.met(0);
        throw outdated("the lock of this owner's writer was lost meanwhile");
      }
    }
    if (isOld(last.at)) {
      observe();
    }
    return last;
  }

  private boolean isOld(Duration at) {
    return ticker.now().minus(at).compareTo(MOMENT) > 0;
  }

  private void heed(String what, Mandate now, long newest) throws AgentException {
    if (newest > now.heeds()) {
      lease.met(newest);
      throw outdated(
          "%s was written by a newer writer of owner \"%s\", epoch %d; this one is epoch %d"
              .formatted(what, owner, newest, now.epoch()));
    }
  }

  private static AgentException outdated(String why) {
    return new AgentException(Kind.OUTDATED, why, null);
  }

  @Override
  public AgentFacts facts() throws AgentException {
    return agent.facts();
  }

  @Override
  public void deregisterCheck(String checkId) throws AgentException {
    heeded(mandate.get(), List.of());
    agent.deregisterCheck(checkId);
  }

  @Override
  public Set<String> hidden(Collection<String> services) throws AgentException {
    return agent.hidden(services);
  }

  @Override
  public boolean passesBeside(String service, String node, Collection<String> ids)
      throws AgentException {
    return agent.passesBeside(service, node, ids);
  }

  @Override
  public boolean holds(String id) throws AgentException {
    return agent.holds(id);
  }

  @Override
  public String tokenMark() throws AgentException {
    return agent.tokenMark();
  }

  @Override
  public boolean mayLendToken() {
    return agent.mayLendToken();
  }

  @Override
  public String tokenMark(String service) throws AgentException {
    return agent.tokenMark(service);
  }

  /** Checks are reported every few seconds for ever, so this heeds what the last look has seen. */
  @Override
  public boolean updateCheck(String checkId, Status status, String output) throws AgentException {
    Mandate now = mandate.get();
    mustBeToWrite(now);
    heedAll(now, last);
    return agent.updateCheck(checkId, status, output);
  }

  @Override
  public Health health(String id) throws AgentException {
    return agent.health(id);
  }

  @Override
  public Optional<HeldEntry> configEntry(String kind, String name) throws AgentException {
    return agent.configEntry(kind, name);
  }

  @Override
  public void write(ConfigEntry entry, long index) throws AgentException {
    heeded(mandate.get(), List.of());
    agent.write(entry, index);
  }

  @Override
  public void watch(ServiceId id, Runnable changed) {
    agent.watch(id, changed);
  }

  @Override
  public void unwatch() {
    agent.unwatch();
  }
}
