package dev.connectbridge.hcl;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The functions by their names: those that there are, and those that there are not for a reason.
 */
final class Functions {
  static final int ANY_NUMBER = Integer.MAX_VALUE;

  private static final String FILES = "it reads files, and a spec is its text alone";
  private static final String ENVIRONMENT =
      "it reads the environment, and a spec is its text alone";
  private static final String NEW =
      "it gives a new value at each read, so nothing would ever agree";
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("file", FILES),
          Map.entry("filebase64", FILES),
          Map.entry("fileexists", FILES),
          Map.entry("fileset", FILES),
          Map.entry("templatefile", FILES),
          Map.entry("abspath", FILES),
          Map.entry("pathexpand", ENVIRONMENT),
          Map.entry("env", ENVIRONMENT),
          Map.entry("uuidv4", NEW),
          Map.entry("uuid", NEW),
          Map.entry("bcrypt", NEW),
          Map.entry("timestamp", NEW),
          Map.entry("rsadecrypt", "keys do not belong in a spec, and it is not supported"));

  private static final Map<String, Function> ALL = all();

  private Functions() {}

  /** What a function does with its arguments. */
  @FunctionalInterface
  interface Body {
    Node called(Arguments arguments);
  }

  /** A function, and how many arguments it takes. */
  record Function(int least, int most, Body body) {
    String takes() {
      if (most == ANY_NUMBER) {
        return least + " or more arguments";
      }
      String count = least == most ? "" + least : least + " to " + most;
      return count + (most == 1 ? " argument" : " arguments");
    }
  }

  /** Functions on their way into the table. */
  static final class Table {
    private final Map<String, Function> functions = new HashMap<>();

    Table add(String name, int count, Body body) {
      return add(name, count, count, body);
    }

    Table add(String name, int least, int most, Body body) {
      functions.put(name, new Function(least, most, body));
      return this;
    }
  }

  static Optional<Function> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  /** Returns why there is no such function. */
  static String missing(String name) {
    String reason = REFUSED.get(name);
    return reason == null
        ? "there is no function %s%s".formatted(Found.shortened(name), Meant.hint(name, names()))
        : "the function " + name + " is not allowed: " + reason;
  }

  private static Set<String> names() {
    Set<String> names = new java.util.TreeSet<>(ALL.keySet());
    names.addAll(Calls.SPECIAL);
    return names;
  }

  private static Map<String, Function> all() {
    Table table = new Table();
    NumberFunctions.add(table);
    TextFunctions.add(table);
    PatternFunctions.add(table);
    ListFunctions.add(table);
    ObjectFunctions.add(table);
    SetFunctions.add(table);
    EncodingFunctions.add(table);
    HashFunctions.add(table);
    TimeFunctions.add(table);
    CidrFunctions.add(table);
    return Map.copyOf(table.functions);
  }
}
