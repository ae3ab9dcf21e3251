package dev.connectbridge.planted.plan;

import dev.connectbridge.Breaks;
import java.io.StringReader;

/** Reads a text, which is for the room that parses. */
@Breaks("ONLY_PARSE_READS_TEXTS")
final class ReadsTexts {

  @Override
  public String toString() {
    return new StringReader("text").toString();
  }
}
