package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** What every command takes. */
final class FormatOption {
  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "what the result is printed as; text unless said")
  private Format format = Format.TEXT;

  boolean isText() {
    return format == Format.TEXT;
  }

  /** Prints the result in the one form or the other. */
  void print(Terminal terminal, Supplier<String> text, Supplier<JsonNode> json) {
    terminal.print(isText() ? text.get() : Documents.text(json.get()));
  }
}
