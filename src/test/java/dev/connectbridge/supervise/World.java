package dev.connectbridge.supervise;

import dev.connectbridge.consul.OurAgent;
import dev.connectbridge.consul.OurAgent.Identity;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.reconcile.Memory;
import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.reconcile.PortMemory;
import dev.connectbridge.reconcile.Reconciler;
import dev.connectbridge.reconcile.Releases;
import dev.connectbridge.reconcile.Settings;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.sidecar.TaskDriver;
import dev.connectbridge.testing.FakeAgent;
import dev.connectbridge.testing.FakeCatalog;
import dev.connectbridge.testing.FakeDriver;
import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;

/** One machine in which nothing happens by itself: time, lanes and servers are moved by hand. */
final class World implements Ticker {
  private static final Instant DAWN = Instant.parse("2026-01-01T00:00:00Z");

  private final FakeAgent agent = new FakeAgent();
  private final FakeDriver driver = new FakeDriver();
  private final FakeCatalog catalog = new FakeCatalog("node-1");
  private final Set<Integer> silent = new TreeSet<>();
  private final List<String> knocks = new ArrayList<>();
  private final List<Runnable> slowly = new ArrayList<>();
  private BiPredicate<Lanes.Lane, String> slow = (lane, of) -> false;
  private final Path data;
  private final List<Runnable> seeking = new ArrayList<>();
  private final List<String> sought = new ArrayList<>();
  private final SortedMap<String, String> files = new TreeMap<>();
  private Duration now = Duration.ofHours(5);
  private boolean servers = true;
  private Duration set = Duration.ZERO;
  private int boots;
  private boolean passWanted;
  private boolean stopped;
  private String named = "";
  private DrainPolicy policy = DrainPolicy.DEFAULT;
  private List<TaskDriver> drivers = List.of(driver);
  private Optional<Identity> known = Optional.empty();
  private Supervisor supervisor;
  private Reconciler reconciler;

  World(Path data) {
    this.data = data;
    boot();
  }

  FakeAgent agent() {
    return agent;
  }

  FakeDriver driver() {
    return driver;
  }

  FakeCatalog catalog() {
    return catalog;
  }

  /** Returns where somebody has knocked, and when. */
  List<String> knocks() {
    return List.copyOf(knocks);
  }

  /** Nobody listens on these ports, and somebody on all others. */
  void silence(Integer... ports) {
    silent.clear();
    silent.addAll(List.of(ports));
  }

  private final class SilentPorts implements Knock {
    @Override
    public boolean connects(String host, int port) {
      knocks.add(host + ":" + port);
      return !silent.contains(port);
    }

    @Override
    public boolean isListenedOn(int port) {
      return !silent.contains(port);
    }
  }

  /** Gives the entries of a group away. */
  World release(String group) {
    var unused = reconciler.release(group);
    return settle();
  }

  /** Consents to whatever is withheld. */
  World approve() {
    reconciler.approve("");
    return this;
  }

  /** Stops the bridge in order: nothing is wanted any more. */
  World stop() {
    stopped = true;
    supervisor.leaveAll();
    return this;
  }

  Supervisor supervisor() {
    return supervisor;
  }

  @Override
  public Duration now() {
    return now;
  }

  /** What somebody waits for here has happened. */
  @Override
  public void pause(Duration time) {}

  @Override
  public Instant wall() {
    return DAWN.plus(now).plus(set);
  }

  @Override
  public Optional<Moment.Machine> machine() {
    return boots == 0 ? Optional.empty() : Optional.of(new Moment.Machine("boot " + boots, now));
  }

  /** Sets the wall's clock by so much; the machine says how long it has been up, or does not. */
  World clock(Duration by, int boot) {
    set = by;
    boots = boot;
    return this;
  }

  World with(DrainPolicy other) {
    policy = other;
    return boot();
  }

  /** Starts the bridge where somebody else runs the tasks. */
  World withoutDrivers() {
    drivers = List.of();
    return boot();
  }

  /** Starts the bridge with these drivers. */
  World with(TaskDriver... others) {
    drivers = List.of(others);
    return boot();
  }

  /** Starts the bridge where the configuration calls its node something. */
  World named(String node) {
    named = node;
    return boot();
  }

  /** Who the agent was is not kept any more. */
  World forgetWho() {
    known = Optional.empty();
    return this;
  }

  /** Starts the bridge, as if whatever ran of it before had been killed. */
  World boot() {
    OurAgent ours = new OurAgent(known, now -> known = Optional.of(now));
    Supervision settings =
        new Supervision(
            "default",
            named,
            ours,
            policy,
            Optional.of(data),
            Optional.of(catalog),
            drivers,
            AgentAccess.NONE);
    seeking.clear();
    supervisor =
        new Supervisor(
            settings,
            agent,
            new Supervisor.Outside(new HandProof(), lanes(), this, new SilentPorts()),
            () -> passWanted = !stopped);
    supervisor.recover();
    reconciler =
        new Reconciler(
            agent,
            new Settings(
                "default",
                Specs.NODE,
                Situation.DEFAULT_MIN_PORT,
                Situation.DEFAULT_MAX_PORT,
                Choices.NONE.running()),
            new Memory(PortMemory.ofProcess(TreeSet::new), Releases.ofProcess(), ours),
            Optional.of(supervisor),
            this);
    return this;
  }

  /** What is done in this lane from now on takes until {@link #letGo}. */
  void hold(Lanes.Lane lane) {
    slow = (kind, of) -> kind == lane;
  }

  /** What this driver does in this lane from now on takes until {@link #letGo}. */
  void hold(Lanes.Lane lane, String driver) {
    slow = (kind, of) -> kind == lane && of.equals(driver);
  }

  /** Nothing that is begun from now on takes its time. */
  void hurry() {
    slow = (kind, of) -> false;
  }

  /** Returns how much has been begun and is not done. */
  int heldBack() {
    return slowly.size();
  }

  /** What takes its time is done now. */
  void letGo() {
    List<Runnable> begun = List.copyOf(slowly);
    slowly.clear();
    begun.forEach(Runnable::run);
  }

  private Lanes lanes() {
    return new Lanes() {
      @Override
      public void run(Lane lane, String of, Runnable work) {
        if (slow.test(lane, of)) {
          slowly.add(work);
        } else {
          work.run();
        }
      }

      @Override
      public void close() {}
    };
  }

  /** Proves at once, or when the servers follow again. */
  private final class HandProof implements Proof {
    @Override
    public Seeking seek(String node, SortedMap<String, String> names, Runnable proven) {
      sought.add(node);
      if (servers) {
        proven.run();
      } else {
        seeking.add(proven);
      }
      return new Seeking() {
        @Override
        public String doubt() {
          return "the catalog still holds it";
        }

        @Override
        public void cancel() {
          seeking.remove(proven);
        }
      };
    }

    @Override
    public void close() {}
  }

  /** Returns the nodes that proofs were asked about. */
  List<String> sought() {
    return List.copyOf(sought);
  }

  /** Writes, or with null removes, a file. */
  World file(String name, String text) {
    if (text == null) {
      files.remove(name);
    } else {
      files.put(name, text);
    }
    return this;
  }

  /** The servers forget nothing until they are told to. */
  void serversFollow(boolean follow) {
    servers = follow;
    if (follow) {
      List.copyOf(seeking).forEach(Runnable::run);
      seeking.clear();
    }
  }

  Outcome pass() {
    return pass(() -> {});
  }

  /** Does a pass; something happens after it has read the agent, and before it acts. */
  Outcome pass(Runnable meanwhile) {
    List<Snapshot.File> read = new ArrayList<>();
    files.forEach((name, text) -> read.add(Specs.file(name, text)));
    return reconciler.pass(new Snapshot(read, true, List.of()), view -> meanwhile.run());
  }

  /** Does what can be done without time and without a pass. */
  World turn() {
    for (int i = 0; i < 20; i++) {
      supervisor.turn();
    }
    return this;
  }

  /** Does passes and turns until nothing moves any more without time. */
  World settle() {
    pass();
    for (int i = 0; i < 20; i++) {
      supervisor.turn();
      if (passWanted) {
        passWanted = false;
        pass();
      }
    }
    return this;
  }

  /** Lets time pass, and what becomes due meanwhile happen. */
  World after(Duration time) {
    Duration end = now.plus(time);
    while (now.compareTo(end) < 0) {
      Duration wait = supervisor.turn();
      Duration step = wait.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : wait;
      Duration left = end.minus(now);
      now = now.plus(step.compareTo(left) < 0 ? step : left);
      if (passWanted) {
        passWanted = false;
        pass();
      }
    }
    supervisor.turn();
    return this;
  }

  /** Returns how things stand. */
  Status status() {
    CompletableFuture<Status> status = supervisor.status();
    supervisor.turn();
    return status.join();
  }

  /** Returns the receipts on the disk. */
  List<String> receipts() {
    Path book = data.resolve("receipts.jsonl");
    try {
      return Files.exists(book) ? Files.readAllLines(book) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the names of the services that the agent holds. */
  List<String> held() {
    return agent.holds().registrations().stream().map(one -> one.name()).toList();
  }
}
