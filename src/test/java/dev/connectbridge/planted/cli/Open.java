package dev.connectbridge.planted.cli;

import dev.connectbridge.Breaks;

/** Anybody may extend it. */
@Breaks("NOTHING_IS_OPEN")
class Open {}
