package dev.connectbridge.testing;

/** The agents that facts are checked on. */
interface Subjects {
  /** Returns one without ACLs and without a data directory. */
  Subject dev();

  /** Returns one without ACLs that keeps what it holds. */
  Subject kept();

  /** Returns one with ACLs that deny. */
  Subject guarded();
}
