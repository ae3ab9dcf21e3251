package dev.connectbridge.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.parse.Report;
import dev.connectbridge.parse.Section;
import dev.connectbridge.parse.Shape;
import dev.connectbridge.parse.TreeReader.Tree;
import dev.connectbridge.spec.Origin;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;

/** A file of the operator's, read as a section; what is wrong with it goes to the report. */
final class OperatorFile {
  private static final int LARGEST = 8 * 1024 * 1024;

  private OperatorFile() {}

  /** Returns the file's section; empty where it has none, or cannot be used at all. */
  static Optional<Section> read(
      Path file, BiFunction<String, String, Tree> reader, Shape shape, Report report) {
    Optional<String> text = text(file, report);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Tree tree = reader.apply(file.toString(), text.get());
    tree.problems().forEach(report::problem);
    return tree.root().map(root -> Section.of(file.toString(), root, shape, report));
  }

  private static Optional<String> text(Path file, Report report) {
    try {
      if (Files.size(file) > LARGEST) {
        report.problem(Origin.of(file.toString()).problem("larger than 8 MB"));
        return Optional.empty();
      }
      return Optional.of(Files.readString(file, UTF_8));
    } catch (IOException e) {
      report.problem(Origin.of(file.toString()).problem(why(e)));
      return Optional.empty();
    }
  }

  private static String why(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "may not be read by this user";
    }
    return e instanceof CharacterCodingException
        ? "not UTF-8 text"
        : "cannot be read: " + e.getMessage();
  }
}
