package dev.connectbridge.cli;

import static dev.connectbridge.cli.Symptom.ok;
import static dev.connectbridge.cli.Symptom.warn;

import dev.connectbridge.config.Configuration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of the files that may hold secrets everybody on this machine can read: the token, the key
 * of our certificate, and the specs, and the values of their variables, with what they tell tasks.
 *
 * @param files those files
 */
record OpenFiles(List<Path> files) {
  private static final Pattern SPEC = Pattern.compile(".*\\.(hcl|nomad|json|yaml|yml)");
  private static final int DEEPEST = 16;
  private static final int SHOWN = 3;

  static OpenFiles of(Configuration configuration, List<Path> variableFiles) {
    List<Path> all = new ArrayList<>();
    configuration.token().file().ifPresent(all::add);
    all.addAll(configuration.access().tokenFiles().values());
    configuration.access().tls().key().ifPresent(all::add);
    configuration.specs().forEach(path -> all.addAll(specs(path)));
    all.addAll(variableFiles);
    return new OpenFiles(all.stream().filter(OpenFiles::isOpen).toList());
  }

  /** As they are read: what is named itself is a spec whatever its ending. */
  private static List<Path> specs(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> below = Files.walk(path, DEEPEST)) {
      return below
          .filter(file -> SPEC.matcher(file.toString()).matches() && Files.isRegularFile(file))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // whoever reads them says so
    }
  }

  /** A closed directory above closes what is below it. */
  private static boolean isOpen(Path file) {
    try {
      Path at = file.toRealPath();
      boolean open = may(at, PosixFilePermission.OTHERS_READ);
      for (Path above = at.getParent(); open && above != null; above = above.getParent()) {
        open = may(above, PosixFilePermission.OTHERS_EXECUTE);
      }
      return open;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static boolean may(Path path, PosixFilePermission permission) throws IOException {
    return Files.getPosixFilePermissions(path).contains(permission);
  }

  /** Returns what is to be said of them; empty when there are none. */
  Optional<String> warning() {
    String some = files.stream().limit(SHOWN).map(Path::toString).collect(Collectors.joining(", "));
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s (tokens, keys, specs) can be read by everybody on this machine: %s%s"
                .formatted(
                    Lines.count(files.size(), "file"), some, files.size() > SHOWN ? ", …" : ""));
  }

  Symptom examined() {
    return warning()
        .map(open -> warn("files", open, "chmod o-r, or close the directory that they are in"))
        .orElseGet(() -> ok("files", "tokens, keys and specs are closed to others"));
  }
}
