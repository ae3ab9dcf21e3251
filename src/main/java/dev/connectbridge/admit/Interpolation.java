package dev.connectbridge.admit;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills the {@code ${…}} of a text. What it does not know stays as written, as Nomad leaves it.
 *
 * @param values what stands behind each name
 */
public record Interpolation(SortedMap<String, String> values) {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^{}]*)}");

  /** Knows nothing. */
  public static final Interpolation NOTHING = new Interpolation(new TreeMap<>());

  public Interpolation {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** Returns the text with every known reference replaced. */
  public String apply(String text) {
    if (!text.contains("${")) {
      return text;
    }
    return REFERENCE
        .matcher(text)
        .replaceAll(
            match -> {
              String value = values.get(match.group(1).strip());
              return Matcher.quoteReplacement(value == null ? match.group() : value);
            });
  }

  /** Returns the references of a text that are not known, as written. */
  public SortedSet<String> unknownIn(String text) {
    SortedSet<String> unknown = new TreeSet<>();
    if (!text.contains("${")) {
      return unknown;
    }
    Matcher matcher = REFERENCE.matcher(text);
    while (matcher.find()) {
      if (!values.containsKey(matcher.group(1).strip())) {
        unknown.add(matcher.group());
      }
    }
    return unknown;
  }

  /** Returns one that knows more; on a name that both know, {@code more} wins. */
  public Interpolation plus(Map<String, String> more) {
    if (more.isEmpty()) {
      return this;
    }
    SortedMap<String, String> all = new TreeMap<>(values);
    all.putAll(more);
    return new Interpolation(all);
  }
}
