package dev.connectbridge.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** What checks say, and when: nothing is probed, somebody says who listens. */
final class Probing {
  /** A service with checks of its own that goes takes its aliases with it only so late. */
  private static final Duration STALE = Duration.ofSeconds(60);

  private static final Duration SHORTEST_REAP = Duration.ofMinutes(1);
  private static final Duration REAPER = Duration.ofSeconds(30);

  private final Random chance;
  private Predicate<String> listens = target -> false;
  private Instant next = Instant.MAX;

  Probing(Random chance) {
    this.chance = chance;
  }

  void listens(Predicate<String> who) {
    listens = who;
  }

  /** A check that begins, or is written again, runs for the first time within its interval. */
  void begin(LocalState state, HeldCheck check, Instant now) {
    switch (check.type()) {
      case "ttl" -> due(check, now.plus(check.time("TTL")));
      case "alias" -> follow(state, check, now);
      case "http", "tcp", "grpc" -> {
        long interval = Math.max(1, check.time("Interval").toNanos());
        due(check, now.plusNanos((long) (chance.nextDouble() * interval)));
      }
      default -> {}
    }
    if (!check.time("DeregisterCriticalServiceAfter").isZero()) {
      check.says(check.status(), check.output(), now);
      next = min(next, now.plus(SHORTEST_REAP));
    }
  }

  void restart(LocalState state, HeldCheck check, Instant now) {
    check.forgetText();
    if (!check.type().equals("ttl") && !check.type().equals("maintenance")) {
      check.says("critical", "", now);
      begin(state, check, now);
    }
  }

  private void due(HeldCheck check, Instant at) {
    check.due(at);
    next = min(next, at);
  }

  private static Instant min(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** Returns whether something is due. */
  boolean isDue(Instant now) {
    return !next.isAfter(now);
  }

  /** Has happen what is due; returns what changed and who has been critical for too long. */
  List<String> run(LocalState state, Instant now) {
    next = Instant.MAX;
    List<String> reaped = new ArrayList<>();
    for (HeldCheck check : List.copyOf(state.checks().values())) {
      if (check.due().filter(at -> !at.isAfter(now)).isPresent()) {
        probe(state, check, now);
      }
      check.due().ifPresent(at -> next = min(next, at));
      tells(state, check, now);
      if (isTooLongCritical(check, now)) {
        reaped.add(check.service().id());
      }
    }
    return reaped;
  }

  private void tells(LocalState state, HeldCheck check, Instant now) {
    if (check.tells().filter(at -> !at.isAfter(now)).isPresent()) {
      check.tell();
      state.touch(check.service().id());
    }
    check.tells().ifPresent(at -> next = min(next, at));
  }

  private boolean isTooLongCritical(HeldCheck check, Instant now) {
    Duration after = check.time("DeregisterCriticalServiceAfter");
    if (after.isZero() || check.criticalSince().isEmpty()) {
      return false;
    }
    Duration least = after.compareTo(SHORTEST_REAP) < 0 ? SHORTEST_REAP : after;
    Instant end = check.criticalSince().get().plus(least);
    next = min(next, end.isAfter(now) ? end : now.plus(REAPER));
    return !end.isAfter(now);
  }

  private void probe(LocalState state, HeldCheck check, Instant now) {
    switch (check.type()) {
      case "ttl" -> {
        says(state, check, "critical", "TTL expired", now);
        check.due(Instant.MAX);
      }
      case "alias" -> {
        check.due(Instant.MAX);
        follow(state, check, now);
      }
      default -> {
        boolean up = listens.test(check.target());
        String to = check.type().toUpperCase(java.util.Locale.ROOT) + " connect " + check.target();
        says(
            state,
            check,
            up ? "passing" : "critical",
            up ? to + ": Success" : "dial tcp " + check.target() + ": connect: connection refused",
            now);
        due(check, now.plus(check.time("Interval")));
      }
    }
  }

  /** Takes a result, and tells those that are as healthy as this one. */
  void says(LocalState state, HeldCheck check, String status, String output, Instant now) {
    if (check.says(status, output, now)) {
      state.touch(check.service().id());
      check.tells().ifPresent(at -> next = min(next, at));
      aliases(state, check.service().id(), now);
    }
  }

  /** Looks after all that are as healthy as a service. */
  void aliases(LocalState state, String service, Instant now) {
    for (HeldCheck check : state.aliasesOf(service)) {
      check.due(Instant.MAX);
      follow(state, check, now);
    }
  }

  /** A service has gone: an alias learns it late when the service had checks of its own. */
  void orphaned(LocalState state, String service, boolean hadChecks, Instant now) {
    for (HeldCheck check : state.aliasesOf(service)) {
      if (hadChecks && check.status().equals("passing")) {
        due(check, now.plus(STALE));
      } else {
        follow(state, check, now);
      }
    }
  }

  private void follow(LocalState state, HeldCheck alias, Instant now) {
    String target = alias.aliased();
    if (state.service(target).isEmpty()) {
      told(state, alias, "critical", "Service " + target + " could not be found on node ", now);
      return;
    }
    String status = "passing";
    String output = "No checks found.";
    for (HeldCheck check : state.checksOf(target)) {
      if (check.status().equals("critical")) {
        told(state, alias, "critical", failing(check), now);
        return;
      }
      boolean warns = check.status().equals("warning");
      output = warns ? failing(check) : status.equals("warning") ? output : "All checks passing.";
      status = warns ? "warning" : status;
    }
    told(state, alias, status, output, now);
  }

  private void told(LocalState state, HeldCheck alias, String status, String output, Instant now) {
    if (alias.says(status, output, now)) {
      alias.tells().ifPresent(at -> next = min(next, at));
      state.touch(alias.service().id());
    }
  }

  private static String failing(HeldCheck check) {
    return "Aliased check \"" + check.name() + "\" failing: " + check.output();
  }
}
