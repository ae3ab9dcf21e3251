package dev.connectbridge.reconcile;

import dev.connectbridge.resolve.Registration;
import java.time.Duration;

/**
 * How often one entry had to be written again, although nobody wants it otherwise: a value.
 *
 * @param wanted as what it is written
 * @param edits how often somebody changed or removed it
 * @param losses how often it was gone, and the agent may have forgotten it
 * @param removed whether the last edit was a removal
 */
record Fight(Registration wanted, Count edits, Count losses, boolean removed) {
  /** So many times somebody may change or remove what we wrote. */
  private static final int MOST = 3;

  /** What stood for so long was no part of a fight. */
  private static final Duration PEACE = Duration.ofMinutes(10);

  /** No agent forgets so often, each time so soon after it has forgotten. */
  private static final int MOST_LOSSES = 10;

  private static final Duration SOON = Duration.ofSeconds(30);

  /** How often something happened, each time soon after the last. */
  private record Count(int times, Duration last) {
    static final Count NONE = new Count(0, Duration.ZERO);

    Count again(Duration now, Duration soon) {
      return new Count(now.minus(last).compareTo(soon) > 0 ? 1 : times + 1, now);
    }
  }

  /** Returns one that has not begun. */
  static Fight over(Registration wanted) {
    return new Fight(wanted, Count.NONE, Count.NONE, false);
  }

  /** Somebody has changed it. */
  Fight edited(Duration now) {
    return new Fight(wanted, edits.again(now, PEACE), losses, false);
  }

  /** Somebody has removed it. */
  Fight removed(Duration now) {
    return new Fight(wanted, edits.again(now, PEACE), losses, true);
  }

  /** It is gone. */
  Fight lost(Duration now) {
    return new Fight(wanted, edits, losses.again(now, SOON), removed);
  }

  /** The agent does forget. */
  Fight withoutLosses() {
    return new Fight(wanted, edits, Count.NONE, removed);
  }

  boolean isNone() {
    return edits.times() == 0 && losses.times() == 0;
  }

  boolean isEnded() {
    return edits.times() >= MOST || losses.times() >= MOST_LOSSES;
  }

  String told() {
    return edits.times() >= MOST
        ? "%s by somebody else %d times".formatted(removed ? "removed" : "changed", edits.times())
        : "gone %d times in a row: removed by somebody else, or forgotten each time"
            .formatted(losses.times());
  }
}
