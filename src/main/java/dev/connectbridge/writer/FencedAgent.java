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
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * An agent to which each write says which of its owner's writers it comes from, and on which no
 * writer touches what a newer one has written. The agent compares nothing itself, so what was seen
 * more than a moment ago is looked at again before it is changed.
 */
public final class FencedAgent implements AgentApi {
  /** The epoch of one that is not to write, or no longer. */
  public static final long NOT_TO_WRITE = -1;

  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final AgentApi agent;
  private final String owner;
  private final LongSupplier epoch;
  private final LongConsumer met;
  private final Ticker ticker;
  private volatile Look last = new Look(Duration.ZERO, Map.of());

  private record Look(Duration at, Map<String, Long> epochs) {
    long newest() {
      return epochs.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }
  }

  /**
   * Creates one.
   *
   * @param epoch which writer we are; 0 for one that is not counted, which heeds nobody and leaves
   *     what is said of others as it is; {@link #NOT_TO_WRITE} writes nothing
   * @param met is told of a newer one
   */
  public FencedAgent(AgentApi agent, String owner, LongSupplier epoch, LongConsumer met) {
    this(agent, owner, epoch, met, Ticker.SYSTEM);
  }

  FencedAgent(AgentApi agent, String owner, LongSupplier epoch, LongConsumer met, Ticker ticker) {
    this.agent = agent;
    this.owner = owner;
    this.epoch = epoch;
    this.met = met;
    this.ticker = ticker;
  }

  @Override
  public long epoch() {
    return epoch.getAsLong();
  }

  @Override
  public Observed observe() throws AgentException {
    Duration at = ticker.now();
    Observed observed = agent.observe();
    last = new Look(at, observed.epochs(owner));
    long newest = last.newest();
    if (epoch() > 0 && newest > epoch()) {
      met.accept(newest);
    }
    return observed;
  }

  @Override
  public void register(Registration registration) throws AgentException {
    ServiceId id = registration.id();
    long ours = epoch();
    long before = heeded(ours, List.of(id.value(), id.sidecar()));
    agent.register(registration, ours > 0 ? ours : before);
  }

  @Override
  public void register(Registration registration, long said) throws AgentException {
    heeded(epoch(), List.of(registration.id().value(), registration.id().sidecar()));
    agent.register(registration, said);
  }

  @Override
  public void deregister(String id) throws AgentException {
    heeded(epoch(), List.of(id));
    agent.deregister(id);
  }

  @Override
  public boolean rewrite(String id) throws AgentException {
    heeded(epoch(), List.of(id));
    return agent.rewrite(id);
  }

  @Override
  public boolean disown(String id) throws AgentException {
    heeded(epoch(), List.of(id));
    return agent.disown(id);
  }

  @Override
  public boolean maintain(String id, boolean on, String reason) throws AgentException {
    heeded(epoch(), List.of(id));
    return agent.maintain(id, on, reason);
  }

  /**
   * Returns the newest writer of some entries, if it is not newer than we are. Whoever has seen a
   * newer one anywhere does not know what that one wants elsewhere.
   */
  private long heeded(long ours, List<String> ids) throws AgentException {
    if (ours == NOT_TO_WRITE) {
      throw new AgentException(Kind.OUTDATED, "it is another bridge's turn to write", null);
    }
    Look look = last;
    if (ours > 0) {
      heed("an entry", ours, look.newest());
    }
    boolean old = ours > 0 && ticker.now().minus(look.at).compareTo(MOMENT) > 0;
    long newest = 0;
    for (String id : ids) {
      newest = Math.max(newest, old ? now(id, look) : look.epochs.getOrDefault(id, 0L));
      if (ours > 0) {
        heed(id, ours, newest);
      }
    }
    return newest;
  }

  private void heed(String what, long ours, long newest) throws AgentException {
    if (newest > ours) {
      met.accept(newest);
      throw new AgentException(
          Kind.OUTDATED,
          "%s was written by a newer writer of owner \"%s\", epoch %d; this one is epoch %d"
              .formatted(what, owner, newest, ours),
          null);
    }
  }

  /** What may not be read now was not always hidden. */
  private long now(String id, Look look) throws AgentException {
    try {
      return agent.epochOf(id, owner);
    } catch (AgentException e) {
      if (e.kind() != Kind.FORBIDDEN) {
        throw e;
      }
      return look.epochs.getOrDefault(id, 0L);
    }
  }

  @Override
  public AgentFacts facts() throws AgentException {
    return agent.facts();
  }

  @Override
  public long epochOf(String id, String whose) throws AgentException {
    return agent.epochOf(id, whose);
  }

  @Override
  public void deregisterCheck(String checkId) throws AgentException {
    heeded(epoch(), List.of());
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
  public String tokenMark(String service) throws AgentException {
    return agent.tokenMark(service);
  }

  @Override
  public boolean updateCheck(String checkId, Status status, String output) throws AgentException {
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
    heeded(epoch(), List.of());
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
