package dev.connectbridge.testing;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Texts inside JSON. */
final class JsonText {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  private JsonText() {}

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    ENCODER.quoteAsString(text, quoted);
    return quoted.append('"').toString();
  }
}
