package dev.connectbridge.testing;

/** The agents that facts are checked on. */
interface Subjects {
  /** Returns one without ACLs and without a data directory. */
  Subject dev();

  /** Returns one without ACLs that keeps what it holds. */
  Subject kept();

  /** Returns one with ACLs that deny. */
  Subject guarded();

  /** Returns one without Connect, that takes {@link #FEW} connections of one client. */
  Subject bare();

  /** Returns a server that has no leader without another one. */
  Subject.Dependent voter();

  /** Returns a client of servers. */
  Subject.Dependent client();

  int FEW = 20;
}
