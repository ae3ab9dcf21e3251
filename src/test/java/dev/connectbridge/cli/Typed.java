package dev.connectbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.testing.Produced;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A command that was typed, and what came of it.
 *
 * @param exit what the shell is told
 * @param out what was printed as the result
 * @param err what was complained about
 */
record Typed(int exit, String out, String err) {

  static Typed in(Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        Main.run(
            args,
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            environment);
    for (int i = 0; i < args.length - 1; i++) {
      if (args[i].equals("--out")) {
        Produced.byCommand(Path.of(args[i + 1]));
      }
    }
    return new Typed(exit, out.toString(UTF_8), err.toString(UTF_8)).kept();
  }

  /** Has what was printed looked through by the last check of the build. */
  Typed kept() {
    Produced.byCommand(out + err);
    return this;
  }

  static Typed of(String... args) {
    return in(Map.of(), args);
  }

  JsonNode json() {
    try {
      return new ObjectMapper().readTree(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
