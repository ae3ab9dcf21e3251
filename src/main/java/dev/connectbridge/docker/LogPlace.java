package dev.connectbridge.docker;

import java.time.Instant;
import java.util.Optional;

/**
 * How far one stream of a container has been written.
 *
 * @param last when the last piece of it was written by the container
 * @param count how many pieces bear that time: those of one long line do
 */
record LogPlace(Optional<Instant> last, int count) {
  static final LogPlace START = new LogPlace(Optional.empty(), 0);

  LogPlace after(Instant at) {
    return new LogPlace(Optional.of(at), last.equals(Optional.of(at)) ? count + 1 : 1);
  }

  /** Reads what {@link #toString} wrote. */
  static LogPlace parse(String text) {
    int comma = text.indexOf(',');
    int count = Integer.parseInt(text.substring(comma + 1));
    return count == 0
        ? START
        : new LogPlace(Optional.of(Instant.parse(text.substring(0, comma))), count);
  }

  @Override
  public String toString() {
    return last.map(Instant::toString).orElse("-") + "," + count;
  }
}
