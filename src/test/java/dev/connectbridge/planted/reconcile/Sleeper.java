package dev.connectbridge.planted.reconcile;

import dev.connectbridge.Breaks;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Has a clock of its own, and waits by it. */
@Breaks("ONE_CLOCK")
final class Sleeper {

  long nap() throws InterruptedException {
    LongSupplier clock = System::nanoTime;
    Thread.sleep(1);
    TimeUnit.SECONDS.sleep(1);
    return clock.getAsLong();
  }
}
