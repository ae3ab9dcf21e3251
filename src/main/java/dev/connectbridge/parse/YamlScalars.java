package dev.connectbridge.parse;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * What a plain word of YAML means: the core schema of YAML 1.2, where {@code no} and {@code 1:30}
 * are texts. A number with a leading zero stays a text too, file modes are written so.
 */
final class YamlScalars {
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUES = Set.of("true", "True", "TRUE");
  private static final Set<String> FALSES = Set.of("false", "False", "FALSE");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:0|[1-9][0-9]*)(?:\\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\\.[0-9]+");
  private static final Pattern NOT_FINITE =
      Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

  private YamlScalars() {}

  static Value value(ScalarEvent scalar, Place place) throws Unreadable {
    String text = scalar.getValue();
    if (!scalar.isPlain()) {
      return new Value.Text(text);
    }
    if (NULLS.contains(text)) {
      return new Value.Nothing();
    }
    if (TRUES.contains(text) || FALSES.contains(text)) {
      return new Value.Bool(TRUES.contains(text));
    }
    return number(text, place).orElseGet(() -> new Value.Text(text));
  }

  private static Optional<Value> number(String text, Place place) throws Unreadable {
    if (NOT_FINITE.matcher(text).matches()) {
      throw new Unreadable(place, text + " is not a finite number");
    }
    if (!NUMBER.matcher(text).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Numbers.read(text)
            .orElseThrow(() -> new Unreadable(place, "this number is beyond all use")));
  }
}
