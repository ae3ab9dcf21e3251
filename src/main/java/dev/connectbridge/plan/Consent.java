package dev.connectbridge.plan;

/** Whether somebody has said that what looks like a mistake is meant. */
public enum Consent {
  /** Nobody has: what looks like a mistake is withheld. */
  NONE,
  /** Somebody has, for all that is to be removed. */
  GIVEN
}
