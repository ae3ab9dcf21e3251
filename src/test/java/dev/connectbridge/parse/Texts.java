package dev.connectbridge.parse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The texts that tests read, and what comes of them in one line each. */
final class Texts {
  private Texts() {}

  static String resource(String name) {
    try (InputStream stream = Texts.class.getResourceAsStream("/parse/" + name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  /** Returns {@code line:column: message} of each problem. */
  static List<String> problems(String file, String text) {
    return SpecParser.parse(file, text).problems().stream()
        .map(each -> each.place().line() + ":" + each.place().column() + ": " + each.message())
        .toList();
  }

  /** Returns {@code line:column: message} of each warning. */
  static List<String> warnings(String file, String text) {
    return SpecParser.parse(file, text).warnings().stream()
        .map(each -> each.place().line() + ":" + each.place().column() + ": " + each.message())
        .toList();
  }

  /** Returns a job whose one group holds these lines, which begin at line 3. */
  static String group(String... lines) {
    return "job \"j\" {\ngroup \"g\" {\n" + unfolded(lines) + "\n}\n}\n";
  }

  /** Returns a job whose one service holds these lines, which begin at line 4. */
  static String service(String... lines) {
    return "job \"j\" {\ngroup \"g\" {\nservice {\n" + unfolded(lines) + "\n}\n}\n}\n";
  }

  /** HCL wants blocks in blocks on lines of their own, a table of cases does not. */
  static String unfolded(String... lines) {
    return String.join("\n", lines).replace("{ ", "{\n").replace(" }", "\n}");
  }

  /** Returns a job in the API's JSON whose one service has these fields, which stand in line 2. */
  static String apiService(String fields) {
    return "{\"ID\": \"j\", \"TaskGroups\": [{\"Name\": \"g\", \"Services\": [{\n"
        + fields
        + "\n}]}]}";
  }
}
