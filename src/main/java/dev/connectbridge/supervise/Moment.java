package dev.connectbridge.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A moment as it outlives this process: by the wall's clock, which may be set, and by how long the
 * machine had been up, which counts as long as it is not started anew.
 *
 * @param wall the time of day, whole milliseconds
 * @param machine how long the machine had been up, where that is known
 */
record Moment(Instant wall, Optional<Machine> machine) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path UPTIME = Path.of("/proc/uptime");

  /**
   * One run of a machine.
   *
   * @param boot what tells it from every other run
   * @param up how long it has been up, the time that it slept included
   */
  record Machine(String boot, Duration up) {

    /** Returns how this machine runs; empty where it does not say. */
    static Optional<Machine> here() {
      try {
        String text = Files.readString(UPTIME);
        String seconds = text.substring(0, text.indexOf(' '));
        return Optional.of(
            new Machine(
                Files.readString(BOOT).strip(),
                Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000))));
      } catch (IOException | RuntimeException e) {
        return Optional.empty();
      }
    }
  }

  /** Returns a moment of this process, by its own clock. */
  static Moment of(Ticker ticker, Duration at) {
    Duration ago = ticker.now().minus(at);
    return new Moment(
        ticker.wall().minus(ago).truncatedTo(ChronoUnit.MILLIS),
        ticker.machine().map(run -> new Machine(run.boot(), run.up().minus(ago))));
  }

  /**
   * Returns how long ago it was. Where only the wall's clock can tell, which may have been set
   * meanwhile, it counts neither for less than nothing nor for more than {@code most}.
   */
  Duration ago(Ticker ticker, Duration most) {
    Optional<Machine> now = ticker.machine();
    if (machine.isPresent() && now.isPresent() && now.get().boot().equals(machine.get().boot())) {
      Duration exactly = now.get().up().minus(machine.get().up());
      if (!exactly.isNegative()) {
        return exactly;
      }
    }
    Duration gone = Duration.between(wall, ticker.wall());
    return gone.isNegative() ? Duration.ZERO : gone.compareTo(most) > 0 ? most : gone;
  }
}
