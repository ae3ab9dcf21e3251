package dev.connectbridge.hcl;

/** What all parts of a file share while they are worked out. */
record World(Budget budget, Definitions definitions, Decoding decoding) {}
