package dev.connectbridge.supervise;

import dev.connectbridge.drain.DrainPolicy;

/** A fault that is planted between the supervisor and what it works with. */
interface StormPlant {
  /** Nothing is planted. */
  StormPlant NONE = new StormPlant() {};

  default Ticker ticker(Ticker ticker) {
    return ticker;
  }

  default Proof proof(Proof proof) {
    return proof;
  }

  default DrainPolicy policy(DrainPolicy policy) {
    return policy;
  }

  /** What passes ask whether something may be written. */
  default Departures departures(Departures departures) {
    return departures;
  }
}
