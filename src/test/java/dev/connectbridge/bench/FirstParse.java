package dev.connectbridge.bench;

import dev.connectbridge.parse.Parsed;
import dev.connectbridge.parse.SpecParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a virtual machine does that has just begun: it reads one spec, and tells how long it took.
 */
final class FirstParse {
  private FirstParse() {}

  /** Prints how many milliseconds the file took, and how many groups were found in it. */
  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    String text = Files.readString(file);
    long start = System.nanoTime();
    Parsed parsed = SpecParser.parse(file.toString(), text);
    double millis = (System.nanoTime() - start) / 1e6;
    int groups = parsed.jobs().stream().mapToInt(job -> job.groups().size()).sum();
    System.out.printf(Locale.ROOT, "%.1f %d", millis, groups);
  }
}
