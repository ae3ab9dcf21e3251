package dev.connectbridge.supervise;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.testing.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** An agent in a storm: calls fail, some after they were done. */
final class StormAgent implements AgentApi {
  private static final List<Kind> KINDS =
      List.of(Kind.UNREACHABLE, Kind.TIMEOUT, Kind.BROKEN, Kind.FORBIDDEN);

  private final Storm storm;
  private final FakeAgent real = new FakeAgent();
  private Duration clingsUntil = Duration.ZERO;

  StormAgent(Storm storm) {
    this.storm = storm;
  }

  /** Deregisters nothing for a while. */
  void cling(Duration time) {
    clingsUntil = storm.now().plus(time);
  }

  FakeAgent real() {
    return real;
  }

  /** Returns every ID that it holds. */
  Set<String> ids() {
    Set<String> ids = new TreeSet<>();
    Observed held = real.holds();
    held.registrations()
        .forEach(
            one -> {
              ids.add(one.id().value());
              one.sidecar().ifPresent(sidecar -> ids.add(one.id().sidecar()));
            });
    held.orphans().forEach(orphan -> ids.add(orphan.id()));
    return ids;
  }

  private <T> T call(Call<T> call) throws AgentException {
    storm.touch();
    Kind kind = KINDS.get(storm.upTo(KINDS.size()));
    boolean fails = storm.fails(10);
    if (fails && (kind != Kind.TIMEOUT || storm.chance(2))) {
      storm.met(StormTrouble.AGENT_FAULT);
      throw new AgentException(kind, "the storm", null);
    }
    T answer = call.on(real);
    storm.sync();
    storm.touch();
    if (fails) {
      storm.met(StormTrouble.LOST_ANSWER);
      throw new AgentException(kind, "the storm", null);
    }
    return answer;
  }

  private void done(Act act) throws AgentException {
    boolean unused =
        call(
            agent -> {
              act.on(agent);
              return true;
            });
  }

  @Override
  public Observed observe() throws AgentException {
    return call(AgentApi::observe);
  }

  @Override
  public AgentFacts facts() throws AgentException {
    return real.facts();
  }

  @Override
  public void register(Registration registration) throws AgentException {
    done(
        agent -> {
          storm.registered(registration);
          agent.register(registration);
        });
  }

  @Override
  public void deregister(String id) throws AgentException {
    done(
        agent -> {
          if (storm.now().compareTo(clingsUntil) < 0) {
            throw new AgentException(Kind.BROKEN, "the storm", null);
          }
          storm.must(
              !ids().contains(id + ServiceId.SIDECAR_SUFFIX),
              "deregistered before its sidecar: " + id);
          storm.deregistered(id);
          agent.deregister(id);
        });
  }

  @Override
  public void deregisterCheck(String checkId) throws AgentException {
    done(agent -> agent.deregisterCheck(checkId));
  }

  @Override
  public Optional<HeldEntry> configEntry(String kind, String name) throws AgentException {
    return call(agent -> agent.configEntry(kind, name));
  }

  @Override
  public void write(ConfigEntry entry, long index) throws AgentException {
    done(agent -> agent.write(entry, index));
  }

  @Override
  public boolean listsAll(String node, Set<String> listed, Set<String> among) {
    return real.listsAll(node, listed, among);
  }

  @Override
  public boolean holds(String id) throws AgentException {
    return call(agent -> agent.holds(id));
  }

  @Override
  public boolean rewrite(String id) throws AgentException {
    return call(agent -> agent.rewrite(id));
  }

  @Override
  public String tokenMark() throws AgentException {
    storm.touch();
    return real.tokenMark();
  }

  @Override
  public boolean maintain(String id, boolean on, String reason) throws AgentException {
    return call(
        agent -> {
          boolean there = agent.maintain(id, on, reason);
          if (there) {
            storm.maintained(id, on);
          }
          return there;
        });
  }

  @Override
  public boolean updateCheck(String checkId, Status status, String output) {
    return true;
  }

  @Override
  public Health health(String id) {
    if (!ids().contains(id)) {
      return Health.UNKNOWN;
    }
    return storm.fails(4)
        ? new Health(Status.CRITICAL, List.of("the storm"))
        : new Health(Status.PASSING, List.of());
  }

  @Override
  public void watch(ServiceId id, Runnable changed) {}

  @Override
  public void unwatch() {}

  /** Something that an agent answers. */
  private interface Call<T> {
    T on(AgentApi agent) throws AgentException;
  }

  /** Something that an agent does. */
  private interface Act {
    void on(AgentApi agent) throws AgentException;
  }
}
