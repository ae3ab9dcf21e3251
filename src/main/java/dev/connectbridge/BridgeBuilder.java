package dev.connectbridge;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.CatalogApi;
import dev.connectbridge.consul.ConsulAgent;
import dev.connectbridge.consul.ConsulAgent.Pace;
import dev.connectbridge.consul.OurAgent;
import dev.connectbridge.docker.DockerDriver;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.exec.RawExecDriver;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.http.Tls;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.reconcile.Settings;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Drift;
import dev.connectbridge.sidecar.TaskDriver;
import dev.connectbridge.source.Source;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/** Builds a {@link Bridge}. Not safe for use by several threads. */
public final class BridgeBuilder {
  private String consul = "127.0.0.1:8500";
  private Supplier<Optional<String>> token = Optional::empty;
  private Tls tls = Tls.DEFAULT;
  private String consulCommand = "consul";
  private Pace pace = Pace.ANY;
  private Function<String, Optional<String>> serviceTokens = service -> Optional.empty();
  private AgentApi agent;
  private String owner = "default";
  private Source source;
  private Node node = Node.UNKNOWN;
  private int minPort = Situation.DEFAULT_MIN_PORT;
  private int maxPort = Situation.DEFAULT_MAX_PORT;
  private Choices choices = Choices.NONE;
  private Consent removals = Consent.NONE;
  private Drift drift = Drift.REVERT;
  private boolean keepLastInstance;
  private Duration resync = Duration.ofSeconds(30);
  private boolean leaveOnExit;
  private CatalogApi catalog;
  private DrainPolicy drains = DrainPolicy.DEFAULT;
  private List<TaskDriver> drivers = List.of();
  private Optional<String> engine = Optional.empty();
  private Path dataDirectory;
  private OurAgent ours;
  private Path runDirectory;
  private boolean sessionLock = true;

  BridgeBuilder() {}

  /**
   * Says where the agent is: host:port, http(s)://host:port or unix:///path. What is none of these
   * makes {@link #build} throw an IllegalArgumentException.
   */
  public BridgeBuilder consul(String address) {
    this.consul = address;
    return this;
  }

  /** Says what token to send; asked before every request, from any thread, so keep it quick. */
  public BridgeBuilder token(Supplier<Optional<String>> supplier) {
    this.token = supplier;
    return this;
  }

  /**
   * Says what token a service, by its name, is registered with in place of the bridge's own, with
   * which it is deregistered all the same; asked before each registration. Where it throws an
   * UncheckedIOException, the service is not registered.
   */
  public BridgeBuilder serviceTokens(Function<String, Optional<String>> tokens) {
    this.serviceTokens = tokens;
    return this;
  }

  /** Says what is decided about TLS, for an https address; {@link Tls#DEFAULT} unless said. */
  public BridgeBuilder tls(Tls decided) {
    this.tls = decided;
    return this;
  }

  /** Says what makes Envoy's bootstrap; {@code consul}, along PATH, unless said. */
  BridgeBuilder consulCommand(String command) {
    this.consulCommand = command;
    return this;
  }

  /**
   * Says how many writes a second the agent is given; any number unless said. A pass ends where
   * they are used up, and a started bridge goes on in the next.
   */
  public BridgeBuilder pace(Pace most) {
    this.pace = most;
    return this;
  }

  /** Talks to this agent instead of one over HTTP; it is not closed, and no drain is proven. */
  public BridgeBuilder agent(AgentApi other) {
    this.agent = other;
    return this;
  }

  /** Talks to this agent and these servers instead of others over HTTP; they are not closed. */
  public BridgeBuilder agent(AgentApi other, CatalogApi servers) {
    this.agent = other;
    this.catalog = servers;
    return this;
  }

  /** Says what is decided about drains; {@link DrainPolicy#DEFAULT} unless said. */
  public BridgeBuilder drains(DrainPolicy policy) {
    this.drains = policy;
    return this;
  }

  /**
   * Runs the tasks of proxies by raw_exec, by docker, and by what {@link ServiceLoader} finds.
   *
   * @param docker the engine, unix:///path or tcp://host:port; empty runs nothing
   */
  public BridgeBuilder runTasks(Optional<String> docker) {
    this.engine = docker;
    return this;
  }

  /**
   * Says what else runs the tasks of proxies; nothing unless said, and then they are whoever's else
   * to run. They need a {@link #dataDirectory}, and are closed with a started bridge.
   */
  public BridgeBuilder drivers(List<TaskDriver> all) {
    this.drivers = List.copyOf(all);
    return this;
  }

  /** Says whose registrations these are; two owners leave each other's alone. */
  public BridgeBuilder owner(String name) {
    this.owner = name;
    return this;
  }

  /** Says where the groups come from; closed with the bridge. */
  public BridgeBuilder source(Source groups) {
    this.source = groups;
    return this;
  }

  /** Says what is known of this machine; the rest is asked of the agent. */
  public BridgeBuilder node(Node machine) {
    this.node = machine;
    return this;
  }

  /**
   * Says the range of dynamic ports, both ends included; 20000 to 32000 unless said.
   *
   * @throws IllegalArgumentException when there is no such range
   */
  public BridgeBuilder ports(int min, int max) {
    if (min < 1 || max > 65535 || max < min) {
      throw new IllegalArgumentException("no range of ports: %d to %d".formatted(min, max));
    }
    this.minPort = min;
    this.maxPort = max;
    return this;
  }

  /** Says what is decided about the meaning of specs; nothing unless said. */
  public BridgeBuilder choices(Choices decided) {
    this.choices = decided;
    return this;
  }

  /**
   * Says whether whatever the source lets go may go, however much it is at once; {@link
   * Consent#NONE} unless said, and then somebody is asked.
   */
  public BridgeBuilder removals(Consent consent) {
    this.removals = consent;
    return this;
  }

  /** Says what is done about what others change; {@link Drift#REVERT} unless said. */
  public BridgeBuilder drift(Drift policy) {
    this.drift = policy;
    return this;
  }

  /**
   * Says whether the last passing instance of a service stays although the source lets it go, until
   * somebody consents; it goes like any other unless said.
   */
  public BridgeBuilder keepLastInstance(boolean keep) {
    this.keepLastInstance = keep;
    return this;
  }

  /** Says the longest time between two passes; 30 seconds unless said. */
  public BridgeBuilder resync(Duration longest) {
    this.resync = longest;
    return this;
  }

  /** Keeps the registrations when the bridge ends, for the time of an upgrade. */
  public BridgeBuilder leaveOnExit(boolean leave) {
    this.leaveOnExit = leave;
    return this;
  }

  /** Says where the ports that were given are kept; nowhere unless said. */
  public BridgeBuilder dataDirectory(Path directory) {
    this.dataDirectory = directory;
    return this;
  }

  /**
   * Says which agent is ours; what the data directory knows of it unless said. At another one
   * nothing is removed without consent.
   */
  public BridgeBuilder ours(OurAgent known) {
    this.ours = known;
    return this;
  }

  /** Says where a started bridge holds its lock; a place of the system's unless said. */
  public BridgeBuilder runDirectory(Path directory) {
    this.runDirectory = directory;
    return this;
  }

  /**
   * Says whether a started bridge also takes a lock in Consul, so that of several of one owner for
   * one agent only one works, wherever they run; true unless said. It takes {@code session:write}
   * on the node and {@code key:write}; without those the locks of files are all there is.
   */
  public BridgeBuilder sessionLock(boolean wanted) {
    this.sessionLock = wanted;
    return this;
  }

  /**
   * Returns the bridge; nothing is asked or started yet.
   *
   * @throws IllegalStateException when it has no source
   * @throws UncheckedIOException when the data directory cannot be read
   */
  public Bridge build() {
    if (source == null) {
      throw new IllegalStateException("a bridge needs a source");
    }
    if ((!drivers.isEmpty() || engine.isPresent()) && dataDirectory == null) {
      throw new IllegalStateException("a bridge that runs tasks needs a data directory");
    }
    return new Bridge(parts());
  }

  private Parts parts() {
    return new Parts(
        agent != null
            ? agent
            : ConsulAgent.at(
                new HttpTransport(new HttpTransport.Options(consul, token, tls)),
                pace,
                serviceTokens),
        Optional.ofNullable(catalog),
        agentName(),
        source,
        new Settings(
            owner,
            node,
            minPort,
            maxPort,
            choices.knowing(driverNames()),
            removals,
            drift,
            keepLastInstance),
        new Kept(Optional.ofNullable(dataDirectory), owner, Optional.ofNullable(ours)),
        resync,
        leaveOnExit,
        drains,
        this::allDrivers,
        new ConsulAccess(consul, token, tls, consulCommand),
        Optional.ofNullable(dataDirectory),
        Optional.ofNullable(runDirectory),
        sessionLock);
  }

  private List<TaskDriver> allDrivers() {
    List<TaskDriver> all = new ArrayList<>(drivers);
    engine.ifPresent(
        docker -> {
          ServiceLoader.load(TaskDriver.class).forEach(all::add);
          all.add(new RawExecDriver(dataDirectory.resolve("exec")));
          all.add(DockerDriver.at(docker));
        });
    return all;
  }

  private SortedSet<String> driverNames() {
    SortedSet<String> names = engine.isPresent() ? driversFound() : new TreeSet<>();
    drivers.forEach(driver -> names.addAll(driver.names()));
    return names;
  }

  /** Returns what the drivers may be called that {@link ServiceLoader} finds. */
  static SortedSet<String> driversFound() {
    SortedSet<String> names = new TreeSet<>();
    for (TaskDriver found : ServiceLoader.load(TaskDriver.class)) {
      names.addAll(found.names());
      found.close();
    }
    return names;
  }

  /** One name for the ways to write one address. */
  private String agentName() {
    return consul
        .replaceFirst("^https?://", "")
        .replaceFirst("/+$", "")
        .replace("localhost", "127.0.0.1");
  }
}
