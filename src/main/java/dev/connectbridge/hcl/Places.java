package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Finds line and column of an offset, however long the line is. */
final class Places {
  private final int[] lineStarts;
  private final int[] secondHalves;
  private int line;

  private Places(int[] lineStarts, int[] secondHalves) {
    this.lineStarts = lineStarts;
    this.secondHalves = secondHalves;
  }

  static Places of(String text) {
    IntStream.Builder starts = IntStream.builder().add(0);
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
      starts.add(end + 1);
    }
    IntStream.Builder halves = IntStream.builder();
    for (int at = 1; at < text.length(); at++) {
      if (text.charAt(at) >= Character.MIN_LOW_SURROGATE
          && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at))) {
        halves.add(at);
      }
    }
    return new Places(starts.build().toArray(), halves.build().toArray());
  }

  /** Returns the place of an offset; a character of two units is one column. */
  Place at(int offset) {
    if (!isOnLine(offset)) {
      int found = Arrays.binarySearch(lineStarts, offset);
      line = found >= 0 ? found : -found - 2;
    }
    int start = lineStarts[line];
    int doubles = secondHalvesBefore(offset) - secondHalvesBefore(start);
    return new Place(line + 1, offset - start - doubles + 1);
  }

  /** Whoever reads a line asks for several places on it. */
  private boolean isOnLine(int offset) {
    return offset >= lineStarts[line]
        && (line + 1 == lineStarts.length || offset < lineStarts[line + 1]);
  }

  private int secondHalvesBefore(int offset) {
    int found = Arrays.binarySearch(secondHalves, offset);
    return found >= 0 ? found : -found - 1;
  }
}
