package dev.connectbridge.resolve;

import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Good specs with pieces of others in them: looking for more problems never fails. */
class EditedGlimpsesTest {
  private static final Path CORPUS = Path.of("src/test/resources/conformance");
  private static final int EDITS = Integer.getInteger("glimpses", 2_000);

  @Test
  void whatCouldBeReadOfABrokenSpecIsResolvedOrNot(TestReporter reporter) throws IOException {
    long seed = Long.getLong("edits.seed", new Random().nextLong());
    reporter.publishEntry("edits.seed", String.valueOf(seed));
    Random random = new Random(seed);
    List<String[]> specs = specs();
    for (int edit = 0; edit < EDITS; edit++) {
      String[] lines = specs.get(random.nextInt(specs.size())).clone();
      for (int more = random.nextInt(3); more >= 0; more--) {
        String[] other = specs.get(random.nextInt(specs.size()));
        lines[random.nextInt(lines.length)] = edited(other[random.nextInt(other.length)], random);
      }
      resolve(String.join("\n", lines), seed);
    }
  }

  private static String edited(String line, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> line.replaceFirst("=.*", "= [{}, 1]");
      case 1 -> line.replaceFirst("=.*", "= var.nobody");
      case 2 -> line.replaceFirst("=.*", "= 99999");
      case 3 -> line.replaceFirst("[a-z]", "x");
      case 4 -> "";
      default -> line;
    };
  }

  private static void resolve(String text, long seed) {
    try {
      Specs.resolve(text);
    } catch (RuntimeException wrong) {
      throw new AssertionError("seed " + seed + ", for this text:\n" + text, wrong);
    }
  }

  private static List<String[]> specs() throws IOException {
    try (Stream<Path> all = Files.walk(CORPUS)) {
      return all.filter(path -> path.toString().endsWith(".hcl"))
          .sorted()
          .map(EditedGlimpsesTest::lines)
          .toList();
    }
  }

  private static String[] lines(Path path) {
    try {
      return Files.readString(path).split("\n", -1);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
