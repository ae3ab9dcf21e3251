package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;

/** Reads backslash escapes, and quoted texts in which nothing can be inserted. */
final class Escapes {
  private final Cursor cursor;
  private final Complaints complaints;

  Escapes(Cursor cursor, Complaints complaints) {
    this.cursor = cursor;
    this.complaints = complaints;
  }

  /** Reads a quoted text that is a label or a key of a body. */
  String plain(String what) {
    Place place = cursor.here();
    StringBuilder text = new StringBuilder();
    cursor.take("\"");
    while (!cursor.take("\"")) {
      if (cursor.atEnd() || cursor.atLineEnd()) {
        throw unclosed(place);
      }
      if (cursor.at("${") || cursor.at("%{")) {
        String sign = cursor.at("${") ? "$" : "%";
        throw new Fault(
            cursor.here(),
            "nothing can be inserted in " + what + ": write " + sign + sign + "{ for the text");
      }
      text.append(cursor.at('\\') ? read() : words());
    }
    return text.toString();
  }

  /** Reads one escape; a wrong one is a problem and stands for itself. */
  String read() {
    Place place = cursor.here();
    int start = cursor.position();
    cursor.take("\\");
    if (cursor.atEnd() || cursor.atLineEnd()) {
      return "\\";
    }
    return switch (cursor.next()) {
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case '"' -> "\"";
      case '\\' -> "\\";
      case 'u' -> unicode(4, place);
      case 'U' -> unicode(8, place);
      default -> wrong(start, place);
    };
  }

  static Fault unclosed(Place place) {
    return new Fault(place, "this text is never closed: expected '\"' before the end of the line");
  }

  private String words() {
    int start = cursor.position();
    return cursor.take("$${") || cursor.take("%%{") ? cursor.since(start + 1) : cursor.plain();
  }

  private String unicode(int digits, Place place) {
    int start = cursor.position();
    while (cursor.position() < start + digits && Character.digit(cursor.peek(), 16) >= 0) {
      cursor.next();
    }
    String written = cursor.since(start);
    if (written.length() < digits) {
      complaints.problem(place, "expected " + digits + " hexadecimal digits in this escape");
      return "";
    }
    long point = Long.parseLong(written, 16);
    if (point > Character.MAX_CODE_POINT || Character.getType((int) point) == Character.SURROGATE) {
      complaints.problem(place, "there is no character U+" + written);
      return "";
    }
    return Character.toString((int) point);
  }

  private String wrong(int start, Place place) {
    int length = Character.charCount(cursor.text().codePointAt(start + 1));
    cursor.moveTo(start + 1 + length);
    complaints.problem(
        place,
        "there is no escape %s: expected \\n, \\r, \\t, \\\", \\\\, \\uXXXX or \\UXXXXXXXX"
            .formatted(cursor.since(start)));
    return cursor.since(start);
  }
}
