package dev.connectbridge.planted.source;

import dev.connectbridge.Breaks;
import io.github.resilience4j.core.IntervalFunction;

/** Decides by itself when to try again. */
@Breaks("RESILIENCE4J")
final class TriesAgain {

  long pause() {
    return IntervalFunction.ofDefaults().apply(1);
  }
}
