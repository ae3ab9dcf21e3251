package dev.connectbridge.reconcile;

import dev.connectbridge.consul.OurAgent;

/**
 * What must be known again by the next process.
 *
 * @param ports the ports that were given
 * @param releases what was given away
 * @param agent whose entries all of that is about
 */
public record Memory(PortMemory ports, Releases releases, OurAgent agent) {

  /** Returns one that remembers ports, and forgets the rest at the end of the process. */
  public static Memory of(PortMemory ports) {
    return new Memory(ports, Releases.ofProcess(), OurAgent.ofProcess());
  }
}
