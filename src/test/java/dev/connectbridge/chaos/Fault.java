package dev.connectbridge.chaos;

/** What happens to a bridge, its agent, and what lies between them. */
enum Fault {
  /** The agent is killed, and started again. */
  AGENT_KILLED,
  /** The agent is ended, and started again. */
  AGENT_ENDED,
  /** The agent is told to read its configuration again. */
  AGENT_RELOADED,
  /** The bridge is killed, and started again. */
  BRIDGE_KILLED,
  /** Nothing comes through to the agent for a while. */
  STALL,
  /** The agent does all that it is asked, and no answer comes back for a while. */
  SILENCE,
  /** Every request and every answer comes late until the round is over. */
  SLOWNESS,
  /** Every connection breaks: a reset. */
  RESET,
  /** Every connection is closed in good order. */
  CUT,
  /** Somebody writes over an entry of ours. */
  FOREIGN_EDIT,
  /** Somebody deregisters an entry of ours. */
  FOREIGN_DELETION,
  /** Somebody registers something of their own. */
  FOREIGN_REGISTRATION,
  /** The data directory's file system is full until the round is over. */
  DISK_FULL,
  /** No file of the bridge's may grow until the round is over: that takes nobody's leave. */
  FILE_LIMIT
}
