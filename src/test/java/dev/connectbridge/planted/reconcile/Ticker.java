package dev.connectbridge.planted.reconcile;

/** The one clock: a class without a fault. */
interface Ticker {

  /** Returns the time. */
  long now();

  /** The clock of the machine. */
  Ticker REAL = System::nanoTime;
}
