package dev.connectbridge.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The parts of one agent, and how it is. */
final class Insides {
  /** In a reload so long the agent's list is short. */
  private static final Duration RELOAD = Duration.ofMillis(200);

  /** So long a server waits for a leader before it gives up. */
  private static final Duration HOLD = Duration.ofSeconds(7);

  /** So long a client still tries servers that are gone. */
  private static final Duration TRIED = Duration.ofSeconds(6);

  private final SimulatedAgent.Options options;
  private final Random chance;
  private final Acl acl;
  private final Probing probing;
  private final LocalState state;
  private final Catalog catalog;
  private final Locks locks;
  private final Syncing syncing;
  private final InstantSource clock;
  private final Set<String> hidden = new TreeSet<>();
  private Instant hiddenUntil = Instant.MIN;
  private Instant heldUntil = Instant.MIN;
  private Instant cutOffSince = Instant.MIN;
  private Instant woken = Instant.MIN;
  private String node;
  private boolean leaderless;
  private boolean up = true;

  Insides(SimulatedAgent.Options options, InstantSource clock) {
    this.options = options;
    this.clock = clock;
    this.chance = new Random(options.seed());
    this.acl = new Acl(options.master());
    this.probing = new Probing(chance);
    this.state = new LocalState(probing, options.minPort(), options.maxPort());
    this.catalog = new Catalog();
    this.locks = new Locks(new Random(options.seed()));
    this.node = options.node();
    this.syncing = new Syncing(state, catalog, acl, chance, now());
    catalog.know(node);
    consul();
  }

  /** The server itself is a service, too. */
  private void consul() {
    var row = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    row.put("ID", "consul").put("Service", "consul").putArray("Tags");
    row.put("Address", "").put("Port", 8300).putObject("Meta").put("version", options.version());
    row.putObject("Weights").put("Passing", 1).put("Warning", 1);
    row.put("EnableTagOverride", false);
    catalog.put(node, Catalog.row(row), new TreeMap<>());
  }

  SimulatedAgent.Options options() {
    return options;
  }

  Acl acl() {
    return acl;
  }

  Probing probing() {
    return probing;
  }

  LocalState state() {
    return state;
  }

  Catalog catalog() {
    return catalog;
  }

  Locks locks() {
    return locks;
  }

  Syncing syncing() {
    return syncing;
  }

  Instant now() {
    return clock.instant();
  }

  String node() {
    return node;
  }

  boolean isUp() {
    return up;
  }

  void up(boolean nowUp) {
    up = nowUp;
  }

  /** The agent is called otherwise from now on; its old node stays with the servers. */
  void rename(String name) {
    node = name;
    state.checks().values().forEach(HeldCheck::forgetText);
    syncing.restart(true, now());
    catalog.know(name);
    consul();
  }

  boolean isLeaderless() {
    return leaderless;
  }

  void leaderless(boolean now) {
    leaderless = now;
    heldUntil = Instant.MIN;
    syncing.reaches(!now, now());
  }

  void cutOff(boolean on) {
    cutOffSince = now();
    syncing.reaches(!on, now());
  }

  /** Refuses what only servers can do, while they cannot. */
  void reached() {
    if (leaderless) {
      throw new Refused(500, "No cluster leader", HOLD);
    }
    if (!syncing.reaches()) {
      boolean tried = now().isBefore(cutOffSince.plus(TRIED));
      String refused =
          "rpc error getting client: failed to get conn: dial tcp 127.0.0.1:0->127.0.0.1:8300:"
              + " connect: connection refused";
      throw new Refused(500, tried ? refused : "No known Consul servers");
    }
  }

  /** Returns whether the reader of something that has not changed goes on waiting. */
  boolean waits(Question asked, Instant since, int otherwiseSeconds) {
    return !woken.isAfter(since) && now().isBefore(asked.until(since, otherwiseSeconds));
  }

  void wake() {
    woken = now();
  }

  /** With a directory the list is short for a moment; without one all is gone for good. */
  void reload() {
    if (options.persistent()) {
      hidden.clear();
      hidden.addAll(state.services().keySet());
      hidden.removeIf(id -> chance.nextInt(4) == 0);
      hiddenUntil = now().plus(RELOAD);
    } else {
      for (String id : List.copyOf(state.services().keySet())) {
        syncing.gone(state.remove(id, now()));
      }
      syncing.changes(node);
    }
  }

  boolean hides(String id) {
    return !hidden.isEmpty() && now().isBefore(hiddenUntil) && hidden.contains(id);
  }

  void unhide(String id) {
    hidden.remove(id);
  }

  /** Has happen what time brings. */
  void tick() {
    Instant now = now();
    if (probing.isDue(now)) {
      List<String> reaped = probing.run(state, now);
      reaped.forEach(id -> syncing.gone(state.remove(id, now)));
      syncing.changes(node);
    }
    if (syncing.isDue(now)) {
      syncing.all(node, now);
    }
  }

  /**
   * Answers a write that was done: a leader is waited for, by one write after another, while there
   * is anything that the servers do not know.
   */
  Answered done() {
    syncing.changes(node);
    if (leaderless && syncing.owes()) {
      heldUntil = (heldUntil.isAfter(now()) ? heldUntil : now()).plus(HOLD);
    }
    return behind(Answered.done());
  }

  /** A write that waits for a leader holds what the agent has, and readers of it wait with it. */
  Answered behind(Answered answer) {
    return heldUntil.isAfter(now()) ? answer.after(Duration.between(now(), heldUntil)) : answer;
  }

  /** Starts again; what was registered is kept, or lost, and in the catalog with it. */
  void restart(boolean kept, boolean servers) {
    hidden.clear();
    heldUntil = Instant.MIN;
    state.restart(kept, now());
    if (servers) {
      catalog.nodes().forEach(catalog::forget);
      locks.clear();
      catalog.know(node);
      consul();
    }
    syncing.restart(kept, now());
    up = true;
    tick();
  }
}
