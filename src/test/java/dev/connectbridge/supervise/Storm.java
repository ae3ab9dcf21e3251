package dev.connectbridge.supervise;

import dev.connectbridge.consul.OurAgent;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.reconcile.PortMemory;
import dev.connectbridge.reconcile.Reconciler;
import dev.connectbridge.reconcile.Settings;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.StormDriver.Run;
import dev.connectbridge.testing.Specs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A bridge in bad weather, in a time of its own: whatever is asked of lanes, agent, servers and
 * driver takes its time or fails, and the bridge may be killed at every touch of one of them.
 */
final class Storm implements Ticker {
  private static final Map<String, Snapshot.File> READ = new ConcurrentHashMap<>();
  private static final int MOST_READ = 5_000;

  final StormAgent agent = new StormAgent(this);
  final StormDriver driver = new StormDriver(this);
  final StormBook book;
  final DrainPolicy policy;
  final StormClock clock;
  final Set<StormTrouble> met = EnumSet.noneOf(StormTrouble.class);
  private final Random random;
  private final Path data;
  private final StormPlant plant;
  private final List<String> traced = new ArrayList<>();
  private final StormEvents events = new StormEvents();
  private final StormServers servers = new StormServers(this);
  private final SortedMap<String, String> files = new TreeMap<>();
  private SortedMap<String, Integer> ports = new TreeMap<>();
  private Duration now = StormClock.MORNING;
  private Duration passAt = now;
  private boolean stormy = true;
  private boolean leaving;
  private int turns;
  private int lives;
  private int fuse;
  private boolean dead;
  private boolean alive;
  private Supervisor supervisor;
  private Reconciler reconciler;
  private Optional<Desired> wanted = Optional.empty();
  private Optional<Plan> plan = Optional.empty();
  private boolean heard;

  Storm(Path data, Random random, StormClock clock, StormPlant plant) {
    this.data = data;
    this.random = random;
    this.clock = clock;
    this.plant = plant;
    this.policy =
        new DrainPolicy(
            Duration.ofSeconds(2),
            chance(4) ? Optional.of(Duration.ofSeconds(8)) : Optional.empty(),
            chance(4));
    this.book = new StormBook(data, this);
    if (!clock.tellsUptime()) {
      met(StormTrouble.UPTIME_UNKNOWN);
    }
    boot();
  }

  /** The bridge is killed. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    private Killed() {
      super("killed", null, false, false);
    }
  }

  /** Fails the history. */
  void must(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise + " at " + now + " in life " + lives);
    }
  }

  boolean chance(int of) {
    return random.nextInt(of) == 0;
  }

  /** Returns whether something fails this time: one of so many, while it storms. */
  boolean fails(int of) {
    return stormy && chance(of);
  }

  int upTo(long most) {
    return random.nextInt((int) Math.max(1, most));
  }

  int lives() {
    return lives;
  }

  /** Returns how often the supervisor had its turn. */
  int turns() {
    return turns;
  }

  @Override
  public Duration now() {
    return now;
  }

  @Override
  public Instant wall() {
    return clock.wall(now);
  }

  @Override
  public Optional<Moment.Machine> machine() {
    return clock.machine(now);
  }

  void met(StormTrouble trouble) {
    met.add(trouble);
  }

  /** Somebody sets the wall's clock, one time of so many. */
  boolean setClock(int of) {
    int by = clock.set(of);
    if (by != 0) {
      met(by > 0 ? StormTrouble.CLOCK_FORWARDS : StormTrouble.CLOCK_BACK);
    }
    return by != 0;
  }

  /** Puts down something that was done outside of the bridge. */
  void trace(String what) {
    traced.add(now + " " + what);
  }

  List<String> traced() {
    return traced;
  }

  /** Here the bridge may be killed. */
  void touch() {
    if (dead || (alive && fuse > 0 && --fuse == 0)) {
      dead = true;
      throw new Killed();
    }
  }

  /** Has something happen later, whoever lives then. */
  void later(int millis, Runnable what) {
    events.add(now.plusMillis(millis), 0, what);
  }

  /** Has something happen later, unless the bridge is killed before. */
  void inThisLife(int millis, Runnable what) {
    events.add(now.plusMillis(millis), lives, what);
  }

  /** Has the bridge killed at one of the next touches. */
  void light() {
    fuse = 1 + upTo(60);
  }

  private int delay() {
    return chance(12) ? upTo(4000) : upTo(chance(2) ? 3 : 60);
  }

  private void boot() {
    dead = false;
    leaving = false;
    fuse = 0;
    lives++;
    servers.forgetSeekers();
    book.keepBegun();
    int life = lives;
    Ticker ticker = plant.ticker(ticker());
    supervisor =
        new Supervisor(
            new Supervision(
                "default",
                "node-1",
                OurAgent.ofProcess(),
                plant.policy(policy),
                Optional.of(data),
                Optional.empty(),
                List.of(driver),
                AgentAccess.NONE),
            agent,
            new Supervisor.Outside(plant.proof(servers), lanes(), ticker, new OpenPorts()),
            () -> {
              if (life == lives) {
                passAt =
                    passAt.compareTo(now.plusMillis(100)) < 0 ? passAt : now.plusMillis(upTo(100));
              }
            });
    reconciler =
        new Reconciler(
            agent,
            new Settings(
                "default",
                Specs.NODE,
                Situation.DEFAULT_MIN_PORT,
                Situation.DEFAULT_MAX_PORT,
                Choices.NONE.running()),
            new PortMemory(TreeSet::new, ports, given -> ports = new TreeMap<>(given)),
            Optional.of(plant.departures(supervisor)),
            ticker);
    supervisor.recover();
    passAt = now.plusMillis(upTo(500));
  }

  /** The clock as the bridge sees it. */
  private Ticker ticker() {
    return new Ticker() {
      @Override
      public Duration now() {
        touch();
        return now;
      }

      @Override
      public void pause(Duration time) {
        touch();
      }

      @Override
      public Instant wall() {
        return Storm.this.wall();
      }

      @Override
      public Optional<Moment.Machine> machine() {
        return Storm.this.machine();
      }
    };
  }

  private Lanes lanes() {
    return new Lanes() {
      @Override
      public void run(Lane lane, String of, Runnable work) {
        touch();
        boolean hangs = lane == Lane.TASK && fails(25);
        if (hangs) {
          met(StormTrouble.HANGING_START);
        }
        inThisLife(hangs ? upTo(20_000) : delay(), work);
      }

      @Override
      public void close() {}
    };
  }

  /** What the agent holds stands in the catalog, unless the servers stall. */
  void sync() {
    servers.sync(agent.ids());
  }

  int seekers() {
    return servers.seekers();
  }

  void stall(boolean stall) {
    if (stall) {
      met(StormTrouble.SERVERS_STALL);
    }
    servers.stall(stall);
    sync();
  }

  void calm() {
    stormy = false;
    fuse = 0;
    stall(false);
  }

  /** Writes, or with null removes, a file. */
  void file(String name, String text) {
    if (text == null) {
      files.remove(name);
    } else {
      files.put(name, text);
    }
  }

  /** Returns whether the supervisor knows what the last pass has handed over. */
  boolean hasHeard() {
    return heard;
  }

  Supervisor supervisor() {
    return supervisor;
  }

  Optional<Desired> wanted() {
    return wanted;
  }

  /** Returns what the last pass has found to do; empty where something of it failed. */
  Optional<Plan> plan() {
    return plan;
  }

  /** Stops the bridge in order; somebody kills it before it is through, or after. */
  void leaveAll() {
    met(StormTrouble.STOP);
    supervisor.leaveAll();
    leaving = true;
    inThisLife(upTo(12_000), () -> dead = true);
  }

  void drain(String group) {
    met(StormTrouble.DRAIN_BY_NAME);
    var unused = supervisor.drain(group, false, Optional.empty());
  }

  void resume(String group) {
    if (stormy) {
      met(StormTrouble.RESUME);
    }
    var unused = supervisor.resume(group);
  }

  private void pass() {
    if (READ.size() > MOST_READ) {
      READ.clear();
    }
    List<Snapshot.File> read = new ArrayList<>();
    files.forEach(
        (name, text) -> read.add(READ.computeIfAbsent(name + text, any -> Specs.file(name, text))));
    Outcome outcome =
        reconciler.pass(new Snapshot(read, true, List.of()), view -> happenMeanwhile());
    boolean failed = !outcome.failures().isEmpty();
    wanted = failed ? wanted : Optional.of(outcome.desired());
    plan = failed ? Optional.empty() : Optional.of(outcome.plan());
    heard = false;
    passAt = now.plusMillis(stormy ? upTo(6000) : 30_000);
  }

  /** Lets time pass. */
  void advance(Duration time) {
    Duration end = now.plus(time);
    while (now.compareTo(end) < 0) {
      must(++turns < 100_000, "it never comes to rest");
      Duration next = end;
      if (stormy) {
        setClock(400);
      }
      try {
        alive = true;
        Duration wait = supervisor.turn();
        heard = true;
        next =
            min(
                end,
                now.plus(wait.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : wait));
        if (!leaving) {
          next = min(next, passAt);
        }
        next = min(next, events.next().orElse(next));
        now = next.compareTo(now) > 0 ? next : now;
        happen();
      } catch (Killed e) {
        dead = true;
      }
      alive = false;
      if (dead) {
        restart();
      }
    }
  }

  /** A pass takes its time between its look at the agent and its act. */
  private void happenMeanwhile() {
    boolean slow = fails(5);
    if (slow) {
      met(StormTrouble.SLOW_PASS);
      setClock(10);
    }
    Duration end = slow ? now.plusMillis(upTo(500)) : now;
    while (now.compareTo(end) < 0) {
      Duration wait = supervisor.turn();
      Duration next = min(end, now.plus(wait).plusMillis(1));
      next = min(next, events.next().orElse(next));
      now = next.compareTo(now) > 0 ? next : now.plusMillis(1);
      arrive();
      sync();
    }
  }

  private void happen() {
    arrive();
    if (!leaving && now.compareTo(passAt) >= 0) {
      pass();
    }
    sync();
  }

  private void arrive() {
    events.happen(now, lives, at -> {});
  }

  /** The files have changed, and somebody has noticed. */
  void wake() {
    passAt = min(passAt, now.plusMillis(upTo(50)));
  }

  private void restart() {
    fuse = 0;
    dead = false;
    boolean soon = chance(2);
    Duration up = now.plusMillis(soon ? upTo(50) : upTo(15_000));
    met(soon ? StormTrouble.CRASH : StormTrouble.CRASH_LONG);
    if (stormy && setClock(3)) {
      met(StormTrouble.CLOCK_OVER_CRASH);
    }
    lives++;
    events.happen(up, lives, at -> now = at.compareTo(now) > 0 ? at : now);
    now = up;
    boot();
    sync();
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Returns what Consul still knows of what a task stands behind. */
  Set<String> known(String task) {
    Set<String> ids = new HashSet<>(agent.ids());
    ids.addAll(servers.catalog());
    ids.retainAll(book.behind(task));
    return ids;
  }

  void registered(Registration registration) {
    trace("register " + registration.id().value());
    book.registered(registration, driver.running());
  }

  void deregistered(String id) {
    trace("deregister " + id);
    book.deregistered(id);
  }

  void maintained(String id, boolean on) {
    trace("maintain " + id + " " + on);
    book.maintained(id, on);
  }

  void signalled(Run run) {
    book.signalled(run);
  }

  void killed(Run run) {
    book.killed(run);
  }
}
