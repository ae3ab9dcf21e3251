package dev.connectbridge.testing;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Texts inside JSON. */
final class JsonText {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  private JsonText() {}

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder();
    quote(text, quoted);
    return quoted.toString();
  }

  static void quote(String text, StringBuilder into) {
    into.append('"');
    ENCODER.quoteAsString(text, into);
    into.append('"');
  }
}
