package dev.connectbridge.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A time that passes only when it is told to. Safe for use by several threads. */
public final class VirtualTime implements InstantSource {
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private Instant now = BEGINNING;

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /** Lets time pass. */
  public synchronized void advance(Duration time) {
    now = now.plus(time);
  }
}
