package dev.connectbridge.planted.strange;

import dev.connectbridge.Breaks;

/** A room that nobody drew. */
@Breaks("STAIRS")
final class Stranger {}
