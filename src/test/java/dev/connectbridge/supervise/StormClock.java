package dev.connectbridge.supervise;

import dev.connectbridge.supervise.Moment.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * The wall's clock in a storm, which is set by hours, days or years, and never twice to the same
 * hour: a history is over within one, so that what is written down of it tells when it was. It has
 * a chance of its own, so that all else goes as it would without.
 */
final class StormClock {
  static final Duration MORNING = Duration.ofHours(5);
  private static final Instant DAWN = Instant.parse("2026-01-01T00:00:00Z");
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final int[] HOURS = {1, 2, 24, 24 * 30, 24 * 365 * 20};

  private final Random random;
  private final boolean isSet;
  private final boolean tellsUptime;
  private final Set<Integer> been = new HashSet<>(Set.of(0));
  private int hours;

  /**
   * Creates one.
   *
   * @param isSet whether anybody sets it
   */
  StormClock(Random random, boolean isSet) {
    this.random = random;
    this.isSet = isSet;
    this.tellsUptime = random.nextInt(4) > 0;
  }

  /** Returns whether the machine says how long it has been up. */
  boolean tellsUptime() {
    return tellsUptime;
  }

  Instant wall(Duration now) {
    return DAWN.plus(now).plus(Duration.ofHours(hours));
  }

  Optional<Machine> machine(Duration now) {
    return tellsUptime ? Optional.of(new Machine("boot", now)) : Optional.empty();
  }

  /** It is set, one time of so many; returns by how much. */
  int set(int of) {
    if (random.nextInt(of) > 0) {
      return 0;
    }
    int by = HOURS[random.nextInt(HOURS.length)] * (random.nextBoolean() ? 1 : -1);
    while (been.contains(hours + by)) {
      by += Integer.signum(by);
    }
    if (!isSet) {
      return 0;
    }
    hours += by;
    been.add(hours);
    return by;
  }

  /** Returns when it was that this clock showed a time. */
  static Duration at(Instant wall) {
    return MORNING.plusMillis(Math.floorMod(sinceMorning(wall), HOUR));
  }

  /** Returns whether it has been set since it showed a time. */
  boolean isSetSince(Instant wall) {
    return Math.floorDiv(sinceMorning(wall), HOUR) != hours;
  }

  private static long sinceMorning(Instant wall) {
    return Duration.between(DAWN.plus(MORNING), wall).toMillis();
  }
}
