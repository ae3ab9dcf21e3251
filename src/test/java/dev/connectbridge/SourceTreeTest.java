package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no compiler looks at: the tree of files itself. */
class SourceTreeTest {

  private static final Path TOP = Path.of("").toAbsolutePath();

  private static final Set<String> AT_THE_TOP =
      Set.of("pom.xml", "src", "config", "docker-compose.yml", "README.md", "LICENSE", "target");

  /** A link to a file of ours, not to an address or a heading. */
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:|mailto:|#)([^)#\\s]+)");

  @Test
  void onlyTheAllowedNamesStandAtTheTop() throws IOException {
    try (Stream<Path> names = Files.list(TOP)) {
      assertThat(names.map(path -> path.getFileName().toString()))
          .allMatch(name -> name.startsWith(".") || AT_THE_TOP.contains(name));
    }
  }

  @Test
  void nobodySleeps() throws IOException {
    assertThat(javaFilesWith("Thread" + ".sleep")).isEmpty();
  }

  @Test
  void nothingIsLeftForLater() throws IOException {
    assertThat(javaFilesWith("TO" + "DO")).isEmpty();
    assertThat(javaFilesWith("FIX" + "ME")).isEmpty();
  }

  @Test
  void everyRoomSaysWhatItIsFor() throws IOException {
    try (Stream<Path> files = Files.walk(TOP.resolve("src/main/java/dev/connectbridge"))) {
      Stream<Path> rooms =
          files.filter(path -> path.toString().endsWith(".java")).map(Path::getParent).distinct();

      assertThat(rooms).allMatch(room -> Files.exists(room.resolve("package-info.java")));
    }
  }

  @Test
  void everyLinkOfTheDocumentsLeadsSomewhere() throws IOException {
    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        assertThat(document.resolveSibling(link.group(1))).as("link in " + document).exists();
      }
    }
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(TOP.resolve("src/docs"))) {
      return Stream.concat(docs, Stream.of(TOP.resolve("README.md")))
          .filter(path -> path.toString().endsWith(".md"))
          .filter(Files::exists)
          .toList();
    }
  }

  /** The Java files that hold a text; those that were planted to be at fault do not count. */
  private static List<Path> javaFilesWith(String text) throws IOException {
    Path planted = TOP.resolve("src/test/java/dev/connectbridge/planted");
    try (Stream<Path> files = Files.walk(TOP.resolve("src"))) {
      return files
          .filter(path -> path.toString().endsWith(".java") && !path.startsWith(planted))
          .filter(path -> contains(path, text))
          .toList();
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file).contains(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
