package dev.connectbridge.planted.source;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.Breaks;

/** Reads JSON beside the parser. */
@Breaks("JACKSON")
final class TalksJson {

  ObjectMapper mapper() {
    return new ObjectMapper();
  }
}
