package dev.connectbridge.consul;

import static java.util.stream.Collectors.toSet;

import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.http.OtherToken;
import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** The agent over HTTP. Closing it ends every call that blocks, and closes the transport. */
public final class ConsulAgent implements AgentApi, AutoCloseable {
  private static final Duration WAIT = Duration.ofMinutes(5);

  private final HttpTransport transport;
  private final Traffic traffic;
  private final AgentCalls calls;
  private final AgentSelf self;
  private final EntryCalls entries;
  private final List<Closing> closing = new CopyOnWriteArrayList<>();
  private final ServiceTokens tokens;
  private final LastListed lastListed = new LastListed();
  private final Set<String> lent = ConcurrentHashMap.newKeySet();
  private final OkHttpClient watches;
  private final Duration wait;
  private final Ticker ticker;
  private BlockedQuery query;

  private ConsulAgent(
      HttpTransport transport,
      Pace pace,
      Function<String, Optional<String>> tokens,
      Duration wait,
      Ticker ticker) {
    this.transport = transport;
    this.tokens = new ServiceTokens(tokens);
    this.traffic = new Traffic(pace, ticker);
    this.calls = AgentCalls.of(transport, traffic, ticker);
    this.self = new AgentSelf(transport, calls);
    this.entries = new EntryCalls(calls);
    this.watches =
        transport
            .client()
            .newBuilder()
            .dispatcher(new Dispatcher())
            .readTimeout(Duration.ZERO)
            .build();
    this.wait = wait;
    this.ticker = ticker;
  }

  /**
   * How many writes a second the agent is given at most; what is beyond is not sent, and fails with
   * the kind NOT_SENT.
   *
   * @param writes registrations and reports of checks
   * @param drains deregistrations, and what goes before them
   */
  public record Pace(int writes, int drains) {
    /** As many as there are. */
    public static final Pace ANY = new Pace(1_000_000, 1_000_000);

    public Pace {
      if (writes < 1 || drains < 1) {
        throw new IllegalArgumentException("at least one write a second");
      }
    }
  }

  /** What blocks until it is closed. */
  interface Closing {
    void close();
  }

  /** Returns the agent behind a transport; nothing is asked yet. */
  public static ConsulAgent at(HttpTransport transport) {
    return at(transport, Pace.ANY, service -> Optional.empty());
  }

  /**
   * Returns the agent behind a transport; nothing is asked yet.
   *
   * @param pace how much it is written to
   * @param tokens what a service, by its name, is registered with in place of our own token; it is
   *     deregistered with ours
   */
  public static ConsulAgent at(
      HttpTransport transport, Pace pace, Function<String, Optional<String>> tokens) {
    return new ConsulAgent(transport, pace, tokens, WAIT, Ticker.MONOTONIC);
  }

  /** Returns one whose blocked queries wait another time than 5 minutes. */
  static ConsulAgent at(HttpTransport transport, Duration wait, Ticker ticker) {
    return new ConsulAgent(transport, Pace.ANY, service -> Optional.empty(), wait, ticker);
  }

  @Override
  public Observed observe() throws AgentException {
    AgentCalls.Answer services = calls.answer(calls.url("/v1/agent/services"));
    Reply checks = calls.get("/v1/agent/checks");
    Observed observed = lastListed.of(services.reply(), checks);
    return "true".equals(services.headers().get("X-Consul-Results-Filtered-By-ACLs"))
        ? observed.withFiltered()
        : observed;
  }

  @Override
  public AgentFacts facts() throws AgentException {
    return self.ask();
  }

  @Override
  public void register(Registration registration) throws AgentException {
    register(registration, 0);
  }

  @Override
  public void register(Registration registration, long epoch) throws AgentException {
    AgentRequests.Put put = AgentRequests.register(registration, epoch);
    HttpUrl url = calls.url(put.path());
    ServiceId id = registration.id();
    Optional<OtherToken> other = tokens.of(registration.name());
    if (other.isPresent()) {
      lent.addAll(List.of(id.value(), id.sidecar()));
      calls.put(url, put.body(), other.get()).written();
    } else {
      calls.put(url, put.body()).written();
      lent.removeAll(List.of(id.value(), id.sidecar()));
    }
  }

  @Override
  public void deregister(String id) throws AgentException {
    if (lent.contains(id)) {
      takeBack(id);
    }
    remove(calls.url("/v1/agent/service/deregister", id));
  }

  /** Ours is what it is deregistered with, whatever has become of the other token. */
  private void takeBack(String id) throws AgentException {
    try {
      rewrite(id);
    } catch (AgentException e) {
      if (e.kind().retryable()) {
        throw e;
      }
    }
    lent.remove(id);
  }

  @Override
  public void deregisterCheck(String checkId) throws AgentException {
    HttpUrl url = calls.url("/v1/agent/check/deregister", checkId);
    if (!tokenMark().isEmpty() || mayLendToken()) {
      entries.takeOverCheck(checkId);
    }
    remove(url);
  }

  @Override
  public Optional<HeldEntry> configEntry(String kind, String name) throws AgentException {
    return entries.config(kind, name);
  }

  @Override
  public void write(ConfigEntry entry, long index) throws AgentException {
    entries.write(entry, index);
  }

  private void remove(HttpUrl url) throws AgentException {
    Reply reply = calls.drain(url);
    if (!reply.saysGone()) {
      reply.written();
    }
  }

  @Override
  public Set<String> hidden(Collection<String> services) throws AgentException {
    List<Rule> wanted =
        services.stream().map(service -> new Rule("service", service, "read")).toList();
    return missing(wanted).orElse(List.of()).stream().map(Rule::name).collect(toSet());
  }

  @Override
  public boolean passesBeside(String service, String node, Collection<String> ids)
      throws AgentException {
    return entries.passesBeside(service, node, ids);
  }

  @Override
  public boolean listsAll(String node, Set<String> listed, Set<String> among) {
    try {
      return !node.isEmpty() && new ConsulCatalog(transport, calls).isWithin(node, listed, among);
    } catch (AgentException e) {
      return false;
    }
  }

  @Override
  public boolean holds(String id) throws AgentException {
    return entries.find(id).isPresent();
  }

  @Override
  public boolean rewrite(String id) throws AgentException {
    boolean there = entries.rewrite(id);
    lent.remove(id);
    return there;
  }

  @Override
  public boolean disown(String id) throws AgentException {
    return entries.disown(id);
  }

  @Override
  public String tokenMark() throws AgentException {
    try {
      return transport.tokenMark();
    } catch (IOException e) {
      throw calls.unanswered("the token", e);
    }
  }

  /** The agent answers that by itself. */
  @Override
  public boolean mayLendToken() {
    try {
      return new Authorizer(calls).aclsOn();
    } catch (AgentException e) {
      return true;
    }
  }

  @Override
  public String tokenMark(String service) throws AgentException {
    Optional<String> own = tokens.mark(service);
    return own.isPresent() ? own.get() : tokenMark();
  }

  @Override
  public boolean maintain(String id, boolean on, String reason) throws AgentException {
    HttpUrl url =
        calls
            .url("/v1/agent/service/maintenance", id)
            .newBuilder()
            .addQueryParameter("enable", String.valueOf(on))
            .addQueryParameter("reason", reason)
            .build();
    return isThere(calls.drain(url));
  }

  @Override
  public boolean updateCheck(String checkId, Status status, String output) throws AgentException {
    HttpUrl url = calls.url("/v1/agent/check/update", checkId);
    return isThere(calls.put(url, HealthJson.update(status, output)));
  }

  private static boolean isThere(Reply reply) throws AgentException {
    if (reply.saysGone()) {
      return false;
    }
    reply.written();
    return true;
  }

  @Override
  public Health health(String id) throws AgentException {
    return HealthJson.of(calls.get(calls.url("/v1/agent/health/service/id", id)), id);
  }

  /**
   * A rule of a policy.
   *
   * @param resource {@code service}, {@code node}, {@code agent} or {@code operator}
   * @param name of which; empty is all of them, and means nothing to {@code operator}
   * @param access {@code read} or {@code write}
   */
  public record Rule(String resource, String name, String access) {

    /** Returns it in Consul's own language. */
    @Override
    public String toString() {
      if (resource.equals("operator")) {
        return "operator = \"%s\"".formatted(access);
      }
      String block = name.isEmpty() ? resource + "_prefix" : resource;
      return "%s \"%s\" { policy = \"%s\" }".formatted(block, name, access);
    }
  }

  /**
   * Returns which of these rules the token lacks; empty when ACLs are off.
   *
   * @throws AgentException of the kind FORBIDDEN when nobody knows the token
   */
  public Optional<List<Rule>> missing(List<Rule> wanted) throws AgentException {
    return new ConsulCatalog(transport, calls).missing(wanted);
  }

  /**
   * Returns the servers behind this agent, by the same transport; closed with it. Each caller has a
   * view of its own: what one unblocks ends no other's calls.
   */
  public CatalogApi catalog() {
    ConsulCatalog catalog = new ConsulCatalog(transport, calls);
    closing.add(catalog);
    return catalog;
  }

  /** Returns the locks that the servers behind this agent keep, by the same transport. */
  public CatalogApi.Lock locks() {
    ConsulLock lock = new ConsulLock(transport, calls);
    closing.add(lock);
    return lock;
  }

  @Override
  public synchronized void watch(ServiceId id, Runnable changed) {
    unwatch();
    HttpUrl entry = calls.url("/v1/agent/service", id.value());
    // An agent that went away left its other connections dead, too.
    Runnable tell =
        () -> {
          transport.forgetConnections();
          changed.run();
        };
    query = new BlockedQuery(watches, traffic, entry, wait, ticker, tell);
    query.start();
  }

  @Override
  public synchronized void unwatch() {
    if (query != null) {
      query.stop();
      query = null;
    }
  }

  @Override
  public void close() {
    unwatch();
    closing.forEach(Closing::close);
    transport.close();
  }
}
