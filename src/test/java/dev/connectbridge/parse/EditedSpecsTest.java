package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.connectbridge.spec.Problem;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Good specs, each edited at random: whatever comes of it is jobs, or problems with places. */
class EditedSpecsTest {
  private static final int EDITS = 20_000;
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final String[] DIRT = {
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "${",
    "%{",
    "~}",
    "=",
    "==",
    "=>",
    ",",
    ".",
    "...",
    "*",
    "[*]",
    ":",
    "?",
    "!",
    "-",
    "\n",
    " ",
    "\t",
    "\r",
    "\0",
    "#",
    "/*",
    "<<E\n",
    "<<-E\n",
    "E\n",
    "\\",
    "null",
    "true",
    "1e999",
    "-1",
    "var.x",
    "local.x",
    "${NOMAD_X}",
    "upper(",
    "for x in ",
    "%{ for a in b }",
    "%{ endfor }",
    "%{ if true }",
    "dynamic \"port\" {",
    "content {",
    "for_each = ",
    "variable \"v\" {",
    "locals {",
    "default = ",
    "job \"j\" {",
    "\uD800",
    "😀",
    "range(1000)",
  };

  @Test
  void anEditedSpecIsJobsOrProblemsWithPlaces(TestReporter reporter)
      throws IOException, URISyntaxException {
    long seed = Long.getLong("edits.seed", new Random().nextLong());
    reporter.publishEntry("edits.seed", String.valueOf(seed));
    List<String> specs = specs();
    assertThat(specs).hasSizeGreaterThan(50);

    assertTimeoutPreemptively(BOUND, () -> edit(specs, new Random(seed)), () -> "seed " + seed);
  }

  private static void edit(List<String> specs, Random random) {
    for (int at = 0; at < EDITS; at++) {
      String text = specs.get(random.nextInt(specs.size()));
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        text = edited(text, specs, random);
      }
      check(text);
    }
  }

  private static String edited(String text, List<String> specs, Random random) {
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + random.nextInt(30));
    String other = specs.get(random.nextInt(specs.size()));
    int start = random.nextInt(other.length());
    return switch (random.nextInt(6)) {
      case 0 -> text.substring(0, from);
      case 1 -> text.substring(0, from) + text.substring(to);
      case 2 ->
          text.substring(0, from)
              + other.substring(start, Math.min(other.length(), start + random.nextInt(200)))
              + text.substring(from);
      case 3 -> text.substring(0, to) + text.substring(from);
      default -> text.substring(0, from) + DIRT[random.nextInt(DIRT.length)] + text.substring(from);
    };
  }

  private static void check(String text) {
    try {
      Parsed parsed = SpecParser.parse("x.hcl", text);
      List<Problem> all = new ArrayList<>(parsed.problems());
      all.addAll(parsed.warnings());
      boolean placed =
          all.stream()
              .allMatch(
                  it ->
                      it.place().line() > 0
                          && it.place().column() > 0
                          && it.file().equals("x.hcl")
                          && !it.message().isBlank()
                          && it.message().indexOf('\n') < 0);
      if (!placed || parsed.jobs().isEmpty() == parsed.problems().isEmpty()) {
        throw new AssertionError(all.toString());
      }
    } catch (RuntimeException | StackOverflowError | AssertionError wrong) {
      throw new AssertionError("for this text:\n" + text, wrong);
    }
  }

  private static List<String> specs() throws IOException, URISyntaxException {
    List<String> specs = new ArrayList<>();
    specs.add(Texts.resource("hcl2.nomad.hcl"));
    Path corpus = Path.of(EditedSpecsTest.class.getResource("/conformance").toURI());
    try (Stream<Path> files = Files.walk(corpus)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".hcl")).sorted().toList()) {
        specs.add(Files.readString(file));
      }
    }
    return specs;
  }
}
