package dev.connectbridge.writer;

/**
 * Whether a bridge may write: a value.
 *
 * @param state whether it may
 * @param epoch which of its owner's writers it is, counted as they took over from each other; 0 is
 *     one that is not counted
 * @param heeds the newest of its owner's writers whose entries it may change; {@link #NOBODY} may
 *     change those of all
 * @param why the reason, in words
 */
public record Mandate(State state, long epoch, long heeds, String why) {
  /** No writer is newer than this. */
  public static final long NOBODY = Long.MAX_VALUE;

  /** Whether it may. */
  public enum State {
    /** It has the lock in Consul, or had it when Consul was last heard of. */
    WRITER,
    /** It has no lock but those of files, since there is no other to be had. */
    ALONE,
    /** Another one has a lock. */
    STANDBY,
    /** That is not known yet. */
    UNDECIDED
  }

  static Mandate writer(long epoch, String why) {
    return new Mandate(State.WRITER, epoch, epoch, why);
  }

  /** Returns that nobody has the lock, or nobody asks for it. */
  static Mandate alone(String why) {
    return new Mandate(State.ALONE, 0, NOBODY, why);
  }

  /** Returns that it cannot be seen whether another has the lock, who has written until then. */
  static Mandate blind(long epoch, String why) {
    return new Mandate(State.ALONE, 0, epoch, why);
  }

  /** Returns that another bridge has what it takes. */
  public static Mandate standby(String why) {
    return new Mandate(State.STANDBY, 0, 0, why);
  }

  /** Returns that nothing is known yet. */
  public static Mandate undecided(String why) {
    return undecided(0, why);
  }

  /** Returns that nothing is known yet, but who has written until now. */
  static Mandate undecided(long epoch, String why) {
    return new Mandate(State.UNDECIDED, 0, epoch, why);
  }

  /** Returns whether it may write. */
  public boolean isToWrite() {
    return state == State.WRITER || state == State.ALONE;
  }

  /** Returns whether there may be entries that it may not change. */
  boolean isHeeding() {
    return heeds < NOBODY;
  }
}
