package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Finds line and column of an offset, however long the line is. */
final class Places {
  private final int[] lineStarts;
  private final int[] secondHalves;

  private Places(int[] lineStarts, int[] secondHalves) {
    this.lineStarts = lineStarts;
    this.secondHalves = secondHalves;
  }

  static Places of(String text) {
    IntStream breaks = IntStream.range(0, text.length()).filter(at -> text.charAt(at) == '\n');
    int[] starts = IntStream.concat(IntStream.of(0), breaks.map(at -> at + 1)).toArray();
    int[] halves =
        IntStream.range(1, text.length())
            .filter(at -> Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at)))
            .toArray();
    return new Places(starts, halves);
  }

  /** Returns the place of an offset; a character of two units is one column. */
  Place at(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    int line = found >= 0 ? found : -found - 2;
    int start = lineStarts[line];
    int doubles = secondHalvesBefore(offset) - secondHalvesBefore(start);
    return new Place(line + 1, offset - start - doubles + 1);
  }

  private int secondHalvesBefore(int offset) {
    int found = Arrays.binarySearch(secondHalves, offset);
    return found >= 0 ? found : -found - 1;
  }
}
