package dev.connectbridge.exec;

import dev.connectbridge.spec.Spelling;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The signals of this system by their names, with or without {@code SIG}. */
final class Signals {
  /** What a task gets whose spec names none. */
  static final String USUAL = "INT";

  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
          "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private static final Map<String, String> OTHER_NAMES = Map.of("IOT", "ABRT", "POLL", "IO");

  private Signals() {}

  /** Returns the name that a shell's {@code kill} knows; nothing when there is no such signal. */
  static Optional<String> named(String signal) {
    if (signal.isEmpty()) {
      return Optional.of(USUAL);
    }
    String name = bare(signal);
    String proper = OTHER_NAMES.getOrDefault(name, name);
    return Optional.of(proper).filter(NAMES::contains);
  }

  /** Returns what is wrong with the name of a signal. */
  static Optional<String> refusal(String signal) {
    return named(signal).isPresent()
        ? Optional.empty()
        : Optional.of(
            "kill_signal: this system has no signal "
                + Spelling.quoted(signal)
                + Spelling.nearest(bare(signal), NAMES)
                    .map(name -> "; did you mean \"SIG" + name + "\"?")
                    .orElse(""));
  }

  private static String bare(String signal) {
    return signal.toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
  }
}
