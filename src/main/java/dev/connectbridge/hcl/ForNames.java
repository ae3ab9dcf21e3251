package dev.connectbridge.hcl;

import java.util.ArrayList;
import java.util.List;

/** Reads the names that a for gives to what it goes over. */
final class ForNames {
  private ForNames() {}

  /** Reads {@code name in} or {@code name, name in}. */
  static List<String> read(Cursor cursor) {
    List<String> names = new ArrayList<>();
    names.add(name(cursor));
    if (cursor.take(",")) {
      names.add(name(cursor));
    }
    int start = cursor.position();
    if (!cursor.name().equals("in")) {
      cursor.moveTo(start);
      throw cursor.expected("'in' after the names of 'for'");
    }
    return names;
  }

  private static String name(Cursor cursor) {
    cursor.blanks();
    String name = cursor.name();
    if (name.isEmpty()) {
      throw cursor.expected("a name after 'for'");
    }
    cursor.blanks();
    return name;
  }
}
