package dev.connectbridge.hcl;

import java.util.ArrayList;
import java.util.List;

/** Reads comma-separated values: a quoted one may hold commas, lines, and doubled quotes. */
final class Csv {
  private final String text;
  private int at;

  private Csv(String text) {
    this.text = text;
  }

  /** Returns the rows; faults with a reason when the text is none. */
  static List<List<String>> rows(String text) {
    Csv csv = new Csv(text.replace("\r\n", "\n"));
    List<List<String>> rows = new ArrayList<>();
    while (csv.at < csv.text.length()) {
      if (csv.text.charAt(csv.at) == '\n') {
        csv.at++;
      } else {
        rows.add(csv.row());
      }
    }
    return rows;
  }

  private List<String> row() {
    List<String> row = new ArrayList<>();
    row.add(field());
    while (at < text.length() && text.charAt(at) == ',') {
      at++;
      row.add(field());
    }
    if (at < text.length() && text.charAt(at) != '\n') {
      throw new IllegalArgumentException("text after a closing quote");
    }
    at++;
    return row;
  }

  private String field() {
    if (at < text.length() && text.charAt(at) == '"') {
      return quoted();
    }
    int start = at;
    while (at < text.length() && ",\n".indexOf(text.charAt(at)) < 0) {
      if (text.charAt(at) == '"') {
        throw new IllegalArgumentException("a quote in the middle of a value");
      }
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() {
    StringBuilder field = new StringBuilder();
    at++;
    while (at < text.length()) {
      char found = text.charAt(at++);
      if (found != '"') {
        field.append(found);
      } else if (at < text.length() && text.charAt(at) == '"') {
        field.append(text.charAt(at++));
      } else {
        return field.toString();
      }
    }
    throw new IllegalArgumentException("a quote that is never closed");
  }
}
