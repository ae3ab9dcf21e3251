package dev.connectbridge.config;

import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ACL token, asked for before every request. One in a file is read again when the file changes;
 * while the file cannot be read, or is empty, the last good token stays. Safe for use by several
 * threads, and never part of a text.
 */
public final class Token implements Supplier<Optional<String>> {
  private static final Logger log = LoggerFactory.getLogger(Token.class);

  /** No token at all. */
  public static final Token NONE =
      new Token(Optional.empty(), Optional.empty(), Origin.NONE, "", Optional.empty());

  private final Optional<Path> place;
  private final Optional<Path> file;
  private final Origin origin;
  private final String key;
  private Optional<String> current;
  private Optional<Stamp> seen = Optional.empty();
  private String trouble = "";

  private Token(
      Optional<Path> place,
      Optional<Path> file,
      Origin origin,
      String key,
      Optional<String> otherwise) {
    this.place = place;
    this.file = file;
    this.origin = origin;
    this.key = key;
    this.current = otherwise;
  }

  /** What tells that a file was written or replaced. */
  private record Stamp(FileTime modified, long size, Optional<String> inode) {
    static Stamp of(Path file) throws IOException {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(
          now.lastModifiedTime(),
          now.size(),
          Optional.ofNullable(now.fileKey()).map(Object::toString));
    }
  }

  static Token of(String token) {
    return new Token(
        Optional.empty(), Optional.empty(), Origin.NONE, "", Optional.of(token.strip()));
  }

  /** Returns one that stands in a configuration, which is not read again. */
  static Token writtenIn(Path configuration, String token) {
    return new Token(
        Optional.of(configuration),
        Optional.empty(),
        Origin.NONE,
        "",
        Optional.of(token.strip()).filter(text -> !text.isEmpty()));
  }

  /** Returns the token in a file; {@code otherwise} is used while the file is empty. */
  static Token in(Path file, Origin origin, String key, Optional<String> otherwise) {
    return new Token(Optional.of(file), Optional.of(file), origin, key, otherwise);
  }

  /** Returns the file that it stands in, alone or among other things, if it is in one. */
  public Optional<Path> file() {
    return place;
  }

  /** Returns why the token cannot be had, if so: for the start, later the last good one stays. */
  public synchronized Optional<Problem> problem() {
    try {
      refresh();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(origin.problem(key, complaint(e)));
    }
  }

  /**
   * Returns the token, which must be there.
   *
   * @throws UncheckedIOException when there never was one that could be read
   */
  synchronized String demanded() {
    Optional<Problem> why = problem();
    return get()
        .orElseThrow(
            () ->
                new UncheckedIOException(
                    new IOException(
                        why.map(Problem::message)
                            .orElse("the token file %s is empty".formatted(file.orElseThrow())))));
  }

  @Override
  public synchronized Optional<String> get() {
    try {
      refresh();
      trouble = "";
    } catch (IOException e) {
      if (!trouble.equals(complaint(e))) {
        trouble = complaint(e);
        log.warn("{}{}", trouble, current.isPresent() ? "; the last token stays in use" : "");
      }
    }
    return current;
  }

  @Override
  public String toString() {
    return "Token[" + place.map(at -> "in " + at).orElse("hidden") + "]";
  }

  private void refresh() throws IOException {
    if (file.isEmpty()) {
      return;
    }
    Optional<Stamp> now = Optional.of(Stamp.of(file.get()));
    if (!now.equals(seen)) {
      String token = Files.readString(file.get()).strip();
      seen = now;
      if (!token.isEmpty()) {
        current = Optional.of(token);
      }
    }
  }

  /** Never the file's text: an exception of the decoder's would not show it either. */
  private String complaint(IOException e) {
    String why =
        e instanceof NoSuchFileException
            ? "there is no such file"
            : e.getClass().getSimpleName().replace("Exception", "");
    return "the token file %s cannot be read: %s".formatted(file.orElseThrow(), why);
  }
}
