package dev.connectbridge.exec;

import dev.connectbridge.spec.Spelling;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a spec tells this driver. Its text holds nothing of it.
 *
 * @param command what is run: a path, or a name that PATH leads to
 * @param args its arguments
 */
record ExecConfig(String command, List<String> args) {
  private static final List<String> WORDS = List.of("command", "args");

  ExecConfig {
    args = List.copyOf(args);
  }

  /** Returns what is wrong with a configuration, in words for its author. */
  static List<String> refusals(Map<String, Value> config) {
    List<String> refusals = new ArrayList<>();
    for (String word : config.keySet()) {
      if (!WORDS.contains(word)) {
        refusals.add(
            "config: there is no option "
                + Spelling.quoted(word)
                + Spelling.didYouMean(word, WORDS));
      }
    }
    Value command = config.getOrDefault("command", new Value.Nothing());
    if (command instanceof Value.Nothing) {
      refusals.add("config.command is missing: say what to run");
    } else if (!(command instanceof Value.Text text)
        || unfit(text.text())
        || text.text().isEmpty()) {
      refusals.add("config.command must be a text: a path, or a name that PATH leads to");
    }
    argumentRefusal(config.getOrDefault("args", new Value.Nothing())).ifPresent(refusals::add);
    return refusals;
  }

  private static Optional<String> argumentRefusal(Value args) {
    if (args instanceof Value.Nothing) {
      return Optional.empty();
    }
    if (!(args instanceof Value.Items items)) {
      return Optional.of("config.args must be a list of texts");
    }
    for (int index = 0; index < items.items().size(); index++) {
      if (argument(items.items().get(index)).filter(text -> !unfit(text)).isEmpty()) {
        return Optional.of("config.args[" + index + "] must be a text");
      }
    }
    return Optional.empty();
  }

  private static boolean unfit(String text) {
    return text.indexOf('\0') >= 0;
  }

  /** Returns the configuration; it has been found to be in order. */
  static ExecConfig of(Map<String, Value> config) {
    List<String> args = new ArrayList<>();
    if (config.get("args") instanceof Value.Items items) {
      items.items().forEach(item -> args.add(argument(item).orElseThrow()));
    }
    return new ExecConfig(((Value.Text) config.get("command")).text(), args);
  }

  /** A port is written without quotes by many an author. */
  private static Optional<String> argument(Value value) {
    if (value instanceof Value.Text text) {
      return Optional.of(text.text());
    }
    if (value instanceof Value.Num num) {
      return Optional.of(num.number().toPlainString());
    }
    return value instanceof Value.Bool bool
        ? Optional.of(String.valueOf(bool.flag()))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "configuration of a process";
  }
}
