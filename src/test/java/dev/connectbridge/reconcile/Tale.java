package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Witness.must;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Ticker;
import dev.connectbridge.testing.Asked;
import dev.connectbridge.testing.Fault;
import dev.connectbridge.testing.SimulatedAgent;
import dev.connectbridge.testing.VirtualTime;
import dev.connectbridge.writer.InVirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** One history: a bridge, an agent, and what happens to both. All of it follows from a seed. */
final class Tale {
  static final int STEPS = 30;
  private static final String OWNER = "default";
  private static final String MASTER = "master-secret";
  private static final List<Fault> FAULTS =
      List.of(
          Fault.SLOW,
          Fault.HANG,
          Fault.LOST,
          Fault.RESET,
          Fault.RESET_AFTER,
          Fault.CUT_SHORT,
          Fault.BAD_GATEWAY,
          Fault.TOO_MANY,
          Fault.BROKEN,
          Fault.REFUSED);

  final Random random;
  final VirtualTime time = new VirtualTime();
  final Village village;
  final SimulatedAgent agent;
  final Witness witness;
  final Tokens tokens;
  final Acquaintance acquaintance;
  final Set<Trouble> met = EnumSet.noneOf(Trouble.class);
  private final Plant plant;
  private final StringBuilder told = new StringBuilder();
  private SortedMap<String, Integer> ports = new TreeMap<>();
  private Reconciler reconciler;
  private int readFaults;
  private int writeFaults;
  private int fuse;
  private boolean faulty;
  private boolean approved;
  private boolean saw;
  private final Set<String> settled = new TreeSet<>();
  private final boolean counted;

  /** Whether Consul answers a writer that asks whether it still has the lock. */
  private final boolean isLockSeen;

  private long epoch;
  private long newest;
  private boolean overtaking;
  private boolean calm;
  private int writes;

  /** Whether servers that were behind the agent have said what it holds. */
  private boolean misled;

  private Instant wholeFrom = Instant.EPOCH;

  /** Whether the last look was at a list that is short: of what is not on it nothing is done. */
  private boolean sawShort;

  /** Whether any look of this pass was: what is decided by it is written some seconds later. */
  private boolean everShort;

  Tale(long seed, Plant plant) {
    this.random = new Random(seed);
    this.plant = plant;
    this.village = new Village(random);
    boolean guarded = random.nextInt(4) == 0;
    SimulatedAgent.Options options =
        SimulatedAgent.Options.dev().withSeed(seed).withSidecarPorts(21000, 21007);
    options = random.nextBoolean() ? options.withDirectory() : options;
    options = random.nextInt(3) == 0 ? options.newer("1.15.2") : options;
    this.agent = new SimulatedAgent(guarded ? options.withAcls(MASTER) : options, time);
    this.witness =
        new Witness(agent, village, guarded ? MASTER : "", () -> reconciler.fights().keySet());
    this.acquaintance = new Acquaintance(options.node());
    this.tokens = new Tokens(witness, guarded);
    this.isLockSeen = seed % 4 != 0;
    this.counted = random.nextBoolean();
    this.epoch = counted ? 1 : 0;
    this.newest = epoch;
    agent.faults(this::upon);
    boot();
  }

  /** The bridge is killed. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    private Killed() {
      super("killed", null, false, false);
    }
  }

  private void boot() {
    acquaintance.forget();
    reconciler =
        writer(
            new PortMemory(TreeSet::new, ports, given -> ports = new TreeMap<>(given)),
            () -> epoch);
  }

  private Reconciler writer(PortMemory memory, LongSupplier which) {
    AgentApi wire = Wire.to(agent, time, tokens::now);
    AgentApi api = plant.agent(overtaking ? wire : acquaintance.heardBy(wire), tokens);
    return new Reconciler(
        InVirtualTime.fenced(
            api,
            OWNER,
            which,
            () -> plant.isLost(isLockSeen && which.getAsLong() < newest),
            plant.fenceTime(ticker()::now)),
        plant.settings(Settings.of(OWNER)),
        memory,
        ticker());
  }

  /** Another bridge has the lock from now on, and we do not know it yet. */
  boolean isOvertaken() {
    if (!counted) {
      return false;
    }
    long which = ++newest;
    tell("  overtaken, epoch " + which);
    boolean before = overtaking;
    boolean wasMisled = misled;
    overtaking = true;
    misled = false;
    time.advance(Duration.ofSeconds(2));
    try {
      writer(PortMemory.ofProcess(TreeSet::new), () -> which)
          .pass(
              plant.snapshot(village.snapshot()), view -> witness.frozen(view.desired().frozen()));
    } finally {
      overtaking = before;
      misled = wasMisled;
    }
    return true;
  }

  /** For a while the agent lists less than it holds. */
  void listsShortly() {
    wholeFrom = time.instant().plusMillis(200);
  }

  private boolean isStale() {
    return epoch < newest;
  }

  /** The other has gone, and it is our turn again, which begins as that of a new process. */
  private void takeBack() {
    if (isStale()) {
      epoch = ++newest;
      tell("  has the lock again, epoch " + epoch);
      begin();
    }
  }

  /** A clock by which waiting takes no time but the simulated. */
  private Ticker ticker() {
    return new Ticker() {
      @Override
      public Duration now() {
        return Duration.between(Instant.EPOCH, time.instant());
      }

      @Override
      public void pause(Duration pause) {
        time.advance(pause);
      }
    };
  }

  /** Each question of the bridge's passes here before it arrives. */
  private Fault upon(Asked asked) {
    if (witness.isAsking()) {
      return Fault.NONE;
    }
    if (!overtaking && fuse > 0 && --fuse == 0) {
      throw new Killed();
    }
    if (asked.path().equals("/v1/agent/services")) {
      sawShort = time.instant().isBefore(wholeFrom);
      everShort |= sawShort;
    }
    if (asked.target().contains("?stale")) {
      misled |= !agent.catalog().containsAll(agent.services());
    }
    if (asked.isWrite()) {
      // Whom neither the list nor the servers told of cannot be seen before it is written over.
      // What is removed was listed, with its marks, and its like was looked for at the agent until
      // the list came to rest, whatever the servers say: nothing excuses a removal.
      if (misled && everShort && Witness.isRegistering(asked)) {
        witness.excuse(asked);
      } else {
        boolean stray = !overtaking && acquaintance.isToBeLeftAlone();
        witness.judge(asked, tokens.isBlind(), stray, isLockSeen, overtaking ? newest : epoch);
      }
      writes++;
    }
    if (overtaking) {
      return Fault.NONE;
    }
    int odds = asked.isWrite() ? writeFaults : readFaults;
    if (odds > 0 && random.nextInt(odds) == 0) {
      met.add(asked.isWrite() ? Trouble.WRITE_FAULT : Trouble.READ_FAULT);
      Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
      faulty = true;
      tell("  " + asked.method() + " " + asked.target() + ": " + fault);
      return fault;
    }
    return Fault.NONE;
  }

  void tell(String line) {
    told.append(line).append('\n');
  }

  String told() {
    return told.toString();
  }

  /** Lives through it all. */
  void happen() {
    Deeds deeds = new Deeds(this);
    for (int i = 0; i < STEPS; i++) {
      deeds.one();
      if (random.nextBoolean()) {
        weather();
        if (random.nextInt(8) == 0) {
          approve();
        }
        pass(village.snapshot());
        readFaults = 0;
        writeFaults = 0;
      }
    }
    rest(deeds);
  }

  private void weather() {
    readFaults = random.nextInt(6) == 0 ? 1 + random.nextInt(3) : 0;
    writeFaults = random.nextInt(5) == 0 ? 1 + random.nextInt(4) : 0;
    if (random.nextInt(12) == 0) {
      fuse = 1 + random.nextInt(8);
    }
  }

  /** The bridge was killed, and is started again. */
  private void restart() {
    met.add(Trouble.CRASH);
    tell("  killed");
    begin();
  }

  private void begin() {
    approved = false;
    witness.heeded();
    boot();
  }

  private void pass(Snapshot snapshot) {
    faulty = false;
    misled = false;
    everShort = false;
    saw = false;
    Set<String> groups = witness.groups();
    groups.removeAll(settled);
    try {
      Outcome outcome =
          reconciler.pass(
              plant.snapshot(snapshot),
              view -> {
                tell("  plan " + view.plan().removals().size() + "-" + view.plan().writes());
                saw = true;
                view.plan().removals().forEach(gone -> settled.add(gone.marks().group()));
                witness.frozen(view.desired().frozen());
                planAppliedLeavesNothing(view);
                if (!calm && random.nextInt(40) == 0) {
                  isOvertaken();
                  witness.frozen(view.desired().frozen());
                }
              });
      after(outcome);
    } catch (Killed e) {
      restart();
    } finally {
      fuse = 0;
    }
    if (!approved && !isStale()) {
      witness.mostIsLeft(groups);
    }
    settled.retainAll(witness.groups());
    if (random.nextBoolean()) {
      takeBack();
    }
    acquaintance.passed(reconciler.withheld());
    approved &= !saw; // a word is kept for the next pass that sees the agent
    if (saw) {
      witness.heeded();
    }
    witness.strangersAreUntouched();
  }

  private void planAppliedLeavesNothing(View view) {
    if (view.withheld().isEmpty() && random.nextInt(4) == 0) {
      Plan again = Plan.between(view.desired(), view.plan().appliedTo(view.observed()), OWNER);
      must(leavesNothing(view, again), "I12: a plan that was applied leaves something to do");
    }
  }

  /** What was left out to begin with, because it may not be seen or is fought over, is left. */
  private static boolean leavesNothing(View view, Plan again) {
    Plan whole = Plan.between(view.desired(), view.observed(), OWNER);
    List<Object> left = new ArrayList<>(whole.removals());
    left.removeAll(view.plan().removals());
    whole.changes().forEach(change -> left.add(change.wanted().id()));
    view.plan().changes().forEach(change -> left.remove(change.wanted().id()));
    return left.containsAll(again.removals())
        && again.changes().stream().allMatch(change -> left.contains(change.wanted().id()));
  }

  private void after(Outcome outcome) {
    outcome.failures().forEach(failure -> tell("  " + failure));
    outcome.desired().problems().forEach(problem -> tell("  " + problem));
    tellsNoToken(outcome.failures(), outcome.plan(), outcome.withheld());
    tellsNoToken(outcome.desired().problems(), outcome.desired().warnings());
    boolean fair =
        !faulty
            && !misled
            && !sawShort
            && !isStale()
            && !acquaintance.isToBeLeftAlone()
            && !tokens.isTroubled()
            && outcome.withheld().isEmpty();
    if (fair && outcome.failures().isEmpty() && village.isComplete()) {
      witness.nobodyIsOrphaned();
    }
    if (!faulty
        && !isStale()
        && tokens.isNarrow()
        && !outcome.failures().isEmpty()
        && onlyForbidden(outcome)) {
      Set<String> others = new TreeSet<>(village.wanted());
      others.removeIf(name -> name.startsWith(Tokens.FORBIDDEN) || isFoughtOver(name));
      if (village.isCalm() && !outcome.plan().isContested()) {
        must(witness.names(false).containsAll(others), "I10: one item holds up another");
        if (!misled && !sawShort && outcome.withheld().isEmpty()) {
          must(!isLeft(others), "I10: one item holds up the removal of another");
        }
      }
    }
  }

  /** Whether something stands there that is not wanted, of what the narrow token may write. */
  private boolean isLeft(Set<String> others) {
    Set<String> left = witness.names(false);
    left.addAll(witness.names(true));
    left.removeIf(name -> name.startsWith(Tokens.FORBIDDEN) || isFoughtOver(name));
    return !others.containsAll(left);
  }

  /** All tokens have it in them. */
  private static void tellsNoToken(Object... said) {
    must(!Arrays.toString(said).contains("secret"), "I14: a token is told");
  }

  private boolean isFoughtOver(String name) {
    return reconciler.fights().keySet().stream().anyMatch(id -> id.contains("." + name + "."));
  }

  private static boolean onlyForbidden(Outcome outcome) {
    return outcome.failures().stream().allMatch(failure -> failure.id().contains(Tokens.IN_ID));
  }

  /** Everything goes well from now on, and comes to rest. */
  private void rest(Deeds deeds) {
    tell("calm");
    calm = true;
    village.mend();
    deeds.calm();
    tokens.mend();
    takeBack();
    int quiet = 0;
    for (int i = 0; i < 6 && quiet < 2; i++) {
      time.advance(Duration.ofSeconds(10));
      writes = 0;
      pass(village.snapshot());
      boolean asked = reconciler.withheld().isPresent() || !reconciler.fights().isEmpty();
      quiet = writes == 0 && !asked ? quiet + 1 : 0;
      approve();
    }
    Set<String> squatted = deeds.squatted();
    Set<String> wanted = new TreeSet<>(village.wanted());
    wanted.removeAll(squatted);
    must(
        witness.names(false).equals(wanted),
        "I4: the agent holds " + witness.names(false) + " and not " + wanted);
    Set<String> meshed = new TreeSet<>(village.meshed());
    meshed.removeAll(squatted);
    must(
        witness.names(true).equals(meshed),
        "I4: there are sidecars of " + witness.names(true) + " and not of " + meshed);
    List<Village.Wish> wishes = new ArrayList<>(village.wishes());
    wishes.removeIf(wish -> squatted.contains(wish.name()));
    new Inventory(witness).isOf(wishes);
    restsInPeace();
    time.advance(Duration.ofMinutes(3));
    must(agent.catalog().equals(agent.services()), "I4: the catalog never follows");
    tellsNoToken(told, reconciler.withheld(), reconciler.fights());
  }

  /** What is withheld goes once somebody has said so, where that is what it waits for. */
  private void approve() {
    reconciler
        .withheld()
        .filter(Withheld::consentable)
        .ifPresent(
            withheld -> {
              approved = true;
              acquaintance.approved(withheld);
              tell("  approved: " + withheld.why());
              reconciler.approve(withheld.digest());
            });
    Set<String> fights = new TreeSet<>(reconciler.fights().keySet());
    fights.removeAll(witness.strangers());
    for (String id : fights) {
      tell("  adopted: " + id);
      witness.adopted(id);
      var unused = reconciler.adopt(id);
    }
  }

  private void restsInPeace() {
    writes = 0;
    pass(village.snapshot());
    must(writes == 0, "I3: writes at rest");
    pass(village.shuffled());
    must(writes == 0, "I13: the order of the files is not without meaning");
    boot();
    pass(village.snapshot());
    must(writes == 0, "I11: a bridge that was killed ends elsewhere");
  }

  JsonNode entry(String id) {
    return witness.entry(id);
  }
}
