package dev.connectbridge.parse;

/** The spellings that a job may be written in. */
enum Notation {
  /** HCL itself: blocks and attributes are two things. */
  HCL,
  /** The keys of HCL in JSON or YAML: everything is a member of an object. */
  TREE,
  /** The HTTP API's JSON: Go's field names, nanoseconds, null where nothing was said. */
  API,
  /** The same, after Nomad's server filled every field in. */
  ALLOCATION;

  boolean isApi() {
    return this == API || this == ALLOCATION;
  }
}
