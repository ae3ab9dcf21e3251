package dev.connectbridge.writer;

import dev.connectbridge.host.ProcessMark;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who has the lock, as it stands in the key for everybody to read.
 *
 * @param instance one bridge of one process
 * @param process its process; empty where the system does not tell
 * @param epoch which of its owner's writers it is
 * @param released whether it has let go of the lock in good order
 */
record Holder(String instance, Optional<ProcessMark> process, long epoch, boolean released) {
  private static final String INSTANCE = "instance";
  private static final String MACHINE = "machine";
  private static final String PID = "pid";
  private static final String BEGAN = "began";
  private static final String EPOCH = "epoch";
  private static final String RELEASED = "released";

  /** Returns whom a key names; one that makes no sense names nobody. */
  static Optional<Holder> in(String text) {
    Map<String, String> said = new HashMap<>();
    text.lines()
        .map(line -> line.split(" ", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> said.put(pair[0], pair[1]));
    if (!said.containsKey(INSTANCE)) {
      return Optional.empty();
    }
    Optional<ProcessMark> process =
        said.containsKey(MACHINE)
            ? Optional.of(
                new ProcessMark(said.get(MACHINE), number(said, PID), said.getOrDefault(BEGAN, "")))
            : Optional.empty();
    boolean released = said.getOrDefault(RELEASED, "").equals("true");
    return Optional.of(new Holder(said.get(INSTANCE), process, number(said, EPOCH), released));
  }

  private static long number(Map<String, String> said, String key) {
    String text = said.getOrDefault(key, "");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  /** Returns the text of the key. */
  String text() {
    StringBuilder text = new StringBuilder();
    line(text, INSTANCE, instance);
    line(text, EPOCH, Long.toString(epoch));
    process.ifPresent(
        mark -> {
          line(text, PID, Long.toString(mark.pid()));
          line(text, MACHINE, mark.machine());
          line(text, BEGAN, mark.began());
        });
    line(text, RELEASED, Boolean.toString(released));
    return text.toString();
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append(' ').append(value).append('\n');
  }

  Holder withEpoch(long other) {
    return new Holder(instance, process, other, released);
  }

  Holder withReleased() {
    return new Holder(instance, process, epoch, true);
  }

  /** Returns it in a few words. */
  String described() {
    return process
            .map(mark -> "process %d".formatted(mark.pid()))
            .orElse("a process that does not say which")
        + " (epoch %d)".formatted(epoch);
  }
}
