package dev.connectbridge;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.consul.CatalogApi;
import dev.connectbridge.consul.ConsulAgent;
import dev.connectbridge.docker.DockerDriver;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.exec.RawExecDriver;
import dev.connectbridge.host.ListeningPorts;
import dev.connectbridge.host.OwnerLock;
import dev.connectbridge.host.PortJournal;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.plan.BlastRadius;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.reconcile.Loop;
import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.reconcile.PortMemory;
import dev.connectbridge.reconcile.Reconciler;
import dev.connectbridge.reconcile.Settings;
import dev.connectbridge.reconcile.View;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Drift;
import dev.connectbridge.sidecar.TaskDriver;
import dev.connectbridge.source.Source;
import dev.connectbridge.supervise.DrainReceipt;
import dev.connectbridge.supervise.Readiness;
import dev.connectbridge.supervise.Status;
import dev.connectbridge.supervise.Supervision;
import dev.connectbridge.supervise.Supervisor;
import dev.connectbridge.supervise.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes one Consul agent hold what a {@link Source} says, for one owner.
 *
 * <p>Two ways of use: {@link #plan} and {@link #runOnce} from one thread at a time, or {@link
 * #start} and {@link #close}, between which a thread of its own does the work. Not both at once.
 * {@link #wake}, {@link #await} and {@link #close} may be called from any thread.
 *
 * <p>What the agent refuses and what is wrong with a group stand in the {@link Outcome}, or in the
 * log of a started bridge; neither ends it. A failed pass is repeated: at once and then ever more
 * slowly, up to 30 seconds, and at every resync.
 */
public final class Bridge implements AutoCloseable {
  private final Builder settings;
  private final AgentApi agent;
  private final PortMemory ports;
  private final Reconciler reconciler;
  private final List<OwnerLock> locks = new ArrayList<>();
  private volatile Daemon daemon;
  private volatile boolean closed;

  private Bridge(Builder settings) {
    this.settings = settings;
    this.agent =
        settings.agent != null
            ? settings.agent
            : ConsulAgent.at(
                new HttpTransport(new HttpTransport.Options(settings.consul, settings.token)));
    this.ports = memory(settings);
    this.reconciler = new Reconciler(agent, decisions(), ports);
  }

  private Settings decisions() {
    return new Settings(
        settings.owner,
        settings.node,
        settings.minPort,
        settings.maxPort,
        settings.choices,
        settings.removals,
        settings.drift);
  }

  /** Whoever runs tasks, or has a place for it, tells the groups' environments as well. */
  private Settings running() {
    Settings all = decisions();
    return settings.dataDirectory == null
        ? all
        : new Settings(
            all.owner(),
            all.node(),
            all.minPort(),
            all.maxPort(),
            all.choices().running(),
            all.consent(),
            all.drift());
  }

  private static PortMemory memory(Builder settings) {
    if (settings.dataDirectory == null) {
      return PortMemory.ofProcess(ListeningPorts::now);
    }
    PortJournal journal = new PortJournal(settings.dataDirectory, settings.owner);
    return new PortMemory(ListeningPorts::now, journal.read(), journal::write);
  }

  /**
   * Returns a builder with owner {@code default}, the agent on 127.0.0.1:8500 and no source. It is
   * for one thread, and for one bridge.
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Compares the source with the agent; changes nothing.
   *
   * @throws AgentException when the agent cannot be read
   * @throws IllegalStateException when the bridge is started or closed
   */
  public View plan() throws AgentException {
    refuseWhileStarted();
    return reconciler.look(settings.source.read());
  }

  /**
   * Does one pass; what could not be done stands in the outcome. Nothing is tried a second time.
   *
   * @throws IllegalStateException when the bridge is started or closed
   */
  public Outcome runOnce() {
    return runOnce(view -> {});
  }

  /**
   * Does one pass, and shows what it is about to do before anything is done. Removals that look
   * like a mistake are withheld, and stand in the outcome.
   *
   * @param before called on this thread; what it throws is thrown on, and nothing is done
   * @throws IllegalStateException when the bridge is started or closed
   */
  public Outcome runOnce(Consumer<View> before) {
    return runOnce(Consent.NONE, before);
  }

  /**
   * Does one pass, and shows what it is about to do before anything is done.
   *
   * @param consent whether removals that look like a mistake are meant
   * @param before called on this thread; what it throws is thrown on, and nothing is done
   * @throws IllegalStateException when the bridge is started or closed
   */
  public Outcome runOnce(Consent consent, Consumer<View> before) {
    refuseWhileStarted();
    return reconciler.pass(settings.source.read(), consent, before);
  }

  private void refuseWhileStarted() {
    refuseOnceClosed();
    if (daemon != null) {
      throw new IllegalStateException("the bridge is started: its own thread does the passes");
    }
  }

  private void refuseOnceClosed() {
    if (closed) {
      throw new IllegalStateException("the bridge is closed: build another one");
    }
  }

  /** Returns whether a started bridge of this owner and agent runs on this machine. */
  public boolean isStartedElsewhere() {
    return OwnerLock.isHeld(
        Optional.ofNullable(settings.runDirectory), settings.owner, settings.agentName());
  }

  /**
   * Starts to work, until {@link #close}, and returns at once. The agent need not be there yet. A
   * second start does nothing.
   *
   * @throws IllegalStateException when a started bridge of this owner and agent, or one with this
   *     data directory, runs here already, or this one is closed
   * @throws UncheckedIOException when no directory for the lock can be written
   */
  public synchronized void start() {
    refuseOnceClosed();
    if (daemon != null) {
      return;
    }
    lock();
    Supervisor supervisor = Supervisor.of(supervision(), agent, this::wake);
    Reconciler passes =
        new Reconciler(agent, running(), ports, Optional.of(supervisor), Ticker.SYSTEM);
    Loop loop =
        new Loop(
            agent,
            settings.source,
            passes,
            settings.resync,
            settings.leaveOnExit,
            Optional.of(supervisor));
    daemon = new Daemon(passes, loop, supervisor);
    daemon.start();
  }

  private void lock() {
    try {
      locks.add(
          OwnerLock.take(
                  Optional.ofNullable(settings.runDirectory), settings.owner, settings.agentName())
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          "a bridge of owner \"%s\" runs on this machine already"
                              .formatted(settings.owner))));
      if (settings.dataDirectory != null) {
        locks.add(
            OwnerLock.ofDirectory(settings.dataDirectory)
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            "the data directory %s is in use by another bridge; each needs its own"
                                .formatted(settings.dataDirectory))));
      }
    } catch (IOException e) {
      unlock();
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (IllegalStateException e) {
      unlock();
      throw e;
    }
  }

  private void unlock() {
    locks.forEach(OwnerLock::close);
    locks.clear();
  }

  private Supervision supervision() {
    return new Supervision(
        settings.owner,
        settings.node.name(),
        settings.drains,
        Optional.ofNullable(settings.dataDirectory),
        agent instanceof ConsulAgent own
            ? Optional.of(own.catalog())
            : Optional.ofNullable(settings.catalog),
        drivers(),
        new ConsulAccess(settings.consul, settings.token, settings.consulCommand));
  }

  private List<TaskDriver> drivers() {
    List<TaskDriver> all = new ArrayList<>(settings.drivers);
    settings.engine.ifPresent(
        engine -> {
          ServiceLoader.load(TaskDriver.class).forEach(all::add);
          all.add(new RawExecDriver(settings.dataDirectory.resolve("exec")));
          all.add(DockerDriver.at(engine));
        });
    return all;
  }

  /**
   * Asks the agent who it is, and waits for the answer; from any thread.
   *
   * @throws AgentException when it does not answer, or does not tell this token
   */
  public AgentFacts agent() throws AgentException {
    return agent.facts();
  }

  /** Asks a started bridge for a pass now; returns at once. */
  public void wake() {
    Daemon running = daemon;
    if (running != null) {
      running.loop().wake();
    }
  }

  /**
   * Drains a group of a started bridge and holds it back until its spec changes or goes, or {@link
   * #resume}: its services are deregistered, that is proven in the catalog, and only then are the
   * tasks that this bridge runs for it signalled.
   *
   * @param group the instance: {@code job/group[index]}
   * @param deadline how long the proof may take; empty is the delays of its spec, at least {@link
   *     DrainPolicy#floor}
   * @return the receipt, from another thread; or an IllegalArgumentException for an unknown group
   * @throws IllegalStateException when the bridge is not started
   */
  public CompletionStage<DrainReceipt> drain(String group, Optional<Duration> deadline) {
    return supervisor().drain(group, false, deadline);
  }

  /**
   * Drains a group as {@link #drain} does, and leaves its delays out.
   *
   * @throws IllegalStateException when the bridge is not started
   */
  public CompletionStage<DrainReceipt> drainNow(String group, Optional<Duration> deadline) {
    return supervisor().drain(group, true, deadline);
  }

  /**
   * Returns what a started bridge does not remove because it looks like a mistake: from {@link
   * BlastRadius#FROM} groups on, more than half of them at once.
   *
   * @throws IllegalStateException when the bridge is not started
   */
  public Optional<Withheld> withheld() {
    return started().withheld();
  }

  /**
   * Consents, once, to what is withheld: the next pass, which is asked for, removes it.
   *
   * @param digest {@link Withheld#digest} of what was seen; empty is whatever there is
   * @return what goes
   * @throws IllegalStateException when nothing is withheld, or something else than was seen, or the
   *     bridge is not started
   */
  public Withheld approve(String digest) {
    Withheld going = started().approve(digest);
    wake();
    return going;
  }

  /**
   * Takes an entry under an ID that the source wants and somebody else holds or keeps changing: the
   * next pass writes it.
   *
   * @return the ID; or an IllegalArgumentException when there is nothing to take
   * @throws IllegalStateException when the bridge is not started
   */
  public CompletionStage<List<String>> adopt(String id) {
    return said(started().adopt(id));
  }

  /**
   * Gives the entries of a group, or one entry, away: they stay registered without our marks, and
   * are not written before their spec changes. Known until the bridge ends; after that they are
   * somebody else's, and a conflict.
   *
   * @param name the group, {@code job/group[index]}, or the ID of one service
   * @return the IDs; or an IllegalArgumentException when the agent holds none of ours by that name
   * @throws IllegalStateException when the bridge is not started
   */
  public CompletionStage<List<String>> release(String name) {
    return said(started().release(name));
  }

  /**
   * Forgets what is remembered of an entry beside what the agent holds: the fight over it, that it
   * was released, and its ports.
   *
   * @return what was forgotten
   * @throws IllegalStateException when the bridge is not started
   */
  public CompletionStage<List<String>> forget(String id) {
    return said(started().forget(id));
  }

  private CompletionStage<List<String>> said(CompletionStage<List<String>> answer) {
    wake();
    return answer;
  }

  /**
   * Returns the entries that are no longer written because others change them again and again.
   *
   * @throws IllegalStateException when the bridge is not started
   */
  public SortedMap<String, String> fights() {
    return started().fights();
  }

  private Reconciler started() {
    Daemon running = daemon;
    if (running == null) {
      throw new IllegalStateException("the bridge is not started");
    }
    return running.reconciler();
  }

  /**
   * Lets a group back that was drained; completes with whether it was held back, or with an
   * IllegalArgumentException for an unknown group.
   *
   * @throws IllegalStateException when the bridge is not started
   */
  public CompletionStage<Boolean> resume(String group) {
    return supervisor().resume(group);
  }

  /**
   * Returns how drains and tasks stand.
   *
   * @throws IllegalStateException when the bridge is not started
   */
  public CompletionStage<Status> status() {
    return supervisor().status();
  }

  /**
   * Returns whether whoever starts the application of a group may start it: its services are
   * registered, the tasks that this bridge runs for it run, and the checks of its sidecars pass,
   * other than the one that repeats what the application's own checks say. It is told as things
   * stand; who waits asks again.
   *
   * @param group the instance: {@code job/group[index]}
   * @param upstreams whether its upstreams must be allowed and have a healthy instance as well
   * @return the answer, from another thread; or an IllegalArgumentException for an unknown group,
   *     or an IllegalStateException for upstreams of which nobody can be asked
   * @throws IllegalStateException when the bridge is not started
   */
  public CompletionStage<Readiness> readiness(String group, boolean upstreams) {
    return supervisor().readiness(group, upstreams);
  }

  private Supervisor supervisor() {
    Daemon running = daemon;
    if (running == null) {
      throw new IllegalStateException("the bridge is not started");
    }
    return running.supervisor();
  }

  /**
   * Waits until a started bridge has ended, without asking it to; returns whether everything that
   * was to be deregistered is gone at the agent.
   *
   * @throws InterruptedException when this thread is interrupted; the bridge goes on
   */
  public boolean await() throws InterruptedException {
    Daemon running = daemon;
    if (running == null) {
      return true;
    }
    if (!closed) {
      running.await();
    }
    return running.loop().drained();
  }

  /**
   * Ends. A started bridge first drains what its owner registered, unless it is to leave it; that
   * takes at most the longest delays of its groups plus 10 seconds, for which this thread waits,
   * whether or not the agent has answered. Left tasks run on. A second close does nothing.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (daemon != null) {
        daemon.end();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    settings.source.close();
    if (agent instanceof ConsulAgent own) {
      own.close();
    }
    unlock();
  }

  /** Builds a {@link Bridge}. */
  public static final class Builder {
    private String consul = "127.0.0.1:8500";
    private Supplier<Optional<String>> token = Optional::empty;
    private String consulCommand = "consul";
    private AgentApi agent;
    private String owner = "default";
    private Source source;
    private Node node = Node.UNKNOWN;
    private int minPort = Situation.DEFAULT_MIN_PORT;
    private int maxPort = Situation.DEFAULT_MAX_PORT;
    private Choices choices = Choices.NONE;
    private Consent removals = Consent.NONE;
    private Drift drift = Drift.REVERT;
    private Duration resync = Duration.ofSeconds(30);
    private boolean leaveOnExit;
    private CatalogApi catalog;
    private DrainPolicy drains = DrainPolicy.DEFAULT;
    private List<TaskDriver> drivers = List.of();
    private Optional<String> engine = Optional.empty();
    private Path dataDirectory;
    private Path runDirectory;

    private Builder() {}

    /**
     * Says where the agent is: host:port, http(s)://host:port or unix:///path. What is none of
     * these makes {@link #build} throw an IllegalArgumentException.
     */
    public Builder consul(String address) {
      this.consul = address;
      return this;
    }

    /** Says what token to send; asked before every request, from any thread, so keep it quick. */
    public Builder token(Supplier<Optional<String>> supplier) {
      this.token = supplier;
      return this;
    }

    /** Says what makes Envoy's bootstrap; {@code consul}, along PATH, unless said. */
    Builder consulCommand(String command) {
      this.consulCommand = command;
      return this;
    }

    /** Talks to this agent instead of one over HTTP; it is not closed, and no drain is proven. */
    public Builder agent(AgentApi other) {
      this.agent = other;
      return this;
    }

    /** Talks to this agent and these servers instead of others over HTTP; they are not closed. */
    public Builder agent(AgentApi other, CatalogApi servers) {
      this.agent = other;
      this.catalog = servers;
      return this;
    }

    /** Says what is decided about drains; {@link DrainPolicy#DEFAULT} unless said. */
    public Builder drains(DrainPolicy policy) {
      this.drains = policy;
      return this;
    }

    /**
     * Runs the tasks of proxies by raw_exec, by docker, and by what {@link ServiceLoader} finds.
     *
     * @param docker the engine, unix:///path or tcp://host:port; empty runs nothing
     */
    public Builder runTasks(Optional<String> docker) {
      this.engine = docker;
      return this;
    }

    /**
     * Says what else runs the tasks of proxies; nothing unless said, and then they are whoever's
     * else to run. They need a {@link #dataDirectory}, and are closed with a started bridge.
     */
    public Builder drivers(List<TaskDriver> all) {
      this.drivers = List.copyOf(all);
      return this;
    }

    /** Says whose registrations these are; two owners leave each other's alone. */
    public Builder owner(String name) {
      this.owner = name;
      return this;
    }

    /** Says where the groups come from; closed with the bridge. */
    public Builder source(Source groups) {
      this.source = groups;
      return this;
    }

    /** Says what is known of this machine; the rest is asked of the agent. */
    public Builder node(Node machine) {
      this.node = machine;
      return this;
    }

    /**
     * Says the range of dynamic ports, both ends included; 20000 to 32000 unless said.
     *
     * @throws IllegalArgumentException when there is no such range
     */
    public Builder ports(int min, int max) {
      if (min < 1 || max > 65535 || max < min) {
        throw new IllegalArgumentException("no range of ports: %d to %d".formatted(min, max));
      }
      this.minPort = min;
      this.maxPort = max;
      return this;
    }

    /** Says what is decided about the meaning of specs; nothing unless said. */
    public Builder choices(Choices decided) {
      this.choices = decided;
      return this;
    }

    /**
     * Says whether whatever the source lets go may go, however much it is at once; {@link
     * Consent#NONE} unless said, and then somebody is asked.
     */
    public Builder removals(Consent consent) {
      this.removals = consent;
      return this;
    }

    /** Says what is done about what others change; {@link Drift#REVERT} unless said. */
    public Builder drift(Drift policy) {
      this.drift = policy;
      return this;
    }

    /** Says the longest time between two passes; 30 seconds unless said. */
    public Builder resync(Duration longest) {
      this.resync = longest;
      return this;
    }

    /** Keeps the registrations when the bridge ends, for the time of an upgrade. */
    public Builder leaveOnExit(boolean leave) {
      this.leaveOnExit = leave;
      return this;
    }

    /** Says where the ports that were given are kept; nowhere unless said. */
    public Builder dataDirectory(Path directory) {
      this.dataDirectory = directory;
      return this;
    }

    /** Says where a started bridge holds its lock; a place of the system's unless said. */
    public Builder runDirectory(Path directory) {
      this.runDirectory = directory;
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
      return new Bridge(this);
    }

    /** One name for the ways to write one address. */
    private String agentName() {
      return consul
          .replaceFirst("^https?://", "")
          .replaceFirst("/+$", "")
          .replace("localhost", "127.0.0.1");
    }
  }
}
