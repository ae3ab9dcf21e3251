package dev.connectbridge.planted.http;

import dev.connectbridge.Breaks;

/** One of nine doors of a room that may have eight. */
@Breaks("FEW_DOORS")
public final class Door5 {}
