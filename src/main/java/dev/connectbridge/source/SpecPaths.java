package dev.connectbridge.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.parse.Parsed;
import dev.connectbridge.parse.SpecParser;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Spec files and directories of them, with all below them. What begins with a dot, or does not end
 * in {@code .hcl}, {@code .nomad}, {@code .json}, {@code .yaml} or {@code .yml}, is passed over in
 * a directory; a file that is named itself is always read. Used by one thread at a time, but for
 * {@link #onChange} and {@link #close}.
 */
public final class SpecPaths implements Source {
  private static final int LARGEST = 8 * 1024 * 1024;

  private final List<Path> paths;
  private final DirectoryWatch watch = new DirectoryWatch();
  private Map<Path, Cached> cache = new HashMap<>();

  /** Reads these files and directories. */
  public SpecPaths(List<Path> paths) {
    this.paths = List.copyOf(paths);
  }

  private record Cached(String text, Snapshot.File file) {}

  @Override
  public Snapshot read() {
    List<Problem> problems = new ArrayList<>();
    List<Snapshot.File> files = new ArrayList<>();
    Map<Path, Cached> fresh = new HashMap<>();
    Set<Path> once = new HashSet<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        SpecTree tree = SpecTree.of(path);
        tree.unreadable().forEach((at, why) -> problems.add(problem(at, why)));
        tree.loops()
            .forEach((at, why) -> files.add(broken(path.relativize(at).toString(), at, why)));
        tree.files().stream()
            .filter(file -> once.add(real(file)))
            .forEach(file -> files.add(found(path.relativize(file).toString(), file, fresh)));
        watch.add(tree.directories());
        watch.addEntry(path);
      } else if (Files.exists(path)) {
        if (once.add(real(path))) {
          files.add(read(path.getFileName().toString(), path, fresh));
        }
        watch.add(List.of(path.toAbsolutePath().getParent()));
      } else {
        problems.add(problem(path, "there is no such file or directory"));
        watch.addNearest(path);
      }
    }
    cache = fresh;
    return new Snapshot(files, problems.isEmpty(), problems);
  }

  /** A file that is named twice, or below a directory that is named as well, is read once. */
  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file;
    }
  }

  @Override
  public void onChange(Runnable changed) {
    watch.onChange(changed);
  }

  @Override
  public void close() {
    watch.close();
  }

  /** Opening a pipe waits for whoever writes to it: that is for those who name one. */
  private Snapshot.File found(String source, Path file, Map<Path, Cached> fresh) {
    return Files.exists(file) && !Files.isRegularFile(file)
        ? broken(source, file, "no regular file")
        : read(source, file, fresh);
  }

  private Snapshot.File read(String source, Path file, Map<Path, Cached> fresh) {
    try {
      if (Files.size(file) > LARGEST) {
        return broken(source, file, "larger than 8 MB: this is no job spec");
      }
      byte[] bytes = Files.readAllBytes(file);
      CharBuffer text = CharBuffer.allocate(bytes.length);
      CoderResult result = decode(bytes, text);
      if (result.isError()) {
        return notUtf8(source, file, text.flip());
      }
      return parsed(source, file, text.flip().toString(), fresh);
    } catch (NoSuchFileException e) {
      return broken(source, file, "a link that leads nowhere, or the file has just gone");
    } catch (AccessDeniedException e) {
      return broken(source, file, "may not be read by this user");
    } catch (IOException e) {
      return broken(
          source,
          file,
          Files.isSymbolicLink(file) && !Files.exists(file)
              ? "a link that leads back to itself"
              : "cannot be read: " + e.getMessage());
    }
  }

  private Snapshot.File parsed(String source, Path file, String text, Map<Path, Cached> fresh) {
    Cached known = cache.get(file);
    if (known == null || !known.text().equals(text)) {
      Parsed parsed = SpecParser.parse(file.toString(), text);
      known =
          new Cached(
              text, new Snapshot.File(source, parsed.jobs(), parsed.problems(), parsed.warnings()));
    }
    fresh.put(file, known);
    return known.file();
  }

  private static CoderResult decode(byte[] bytes, CharBuffer text) {
    return UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(bytes), text, true);
  }

  private static Snapshot.File notUtf8(String source, Path file, CharBuffer before) {
    String[] lines = before.toString().split("\n", -1);
    String last = lines[lines.length - 1];
    Place place = new Place(lines.length, last.codePointCount(0, last.length()) + 1);
    var problem = new Problem(file.toString(), "", place, "not UTF-8 text");
    return new Snapshot.File(source, List.of(), List.of(problem), List.of());
  }

  private static Snapshot.File broken(String source, Path file, String why) {
    return new Snapshot.File(source, List.of(), List.of(problem(file, why)), List.of());
  }

  private static Problem problem(Path file, String why) {
    return new Problem(file.toString(), "", new Place(1, 1), why);
  }
}
