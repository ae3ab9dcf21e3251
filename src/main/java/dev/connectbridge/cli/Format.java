package dev.connectbridge.cli;

/** What a result is printed as. */
enum Format {
  TEXT,
  JSON
}
