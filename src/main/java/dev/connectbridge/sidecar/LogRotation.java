package dev.connectbridge.sidecar;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.connectbridge.spec.TaskSpec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The files that a task's output goes to. The task writes to {@code NAME.stdout.0} and {@code
 * NAME.stderr.0} itself and is never told of a rotation, so a file that is full is copied to the
 * next number and emptied: it must be open for appending. What is written between the copy and the
 * emptying is lost.
 */
public final class LogRotation {
  private static final int MAX_FILES = 10;
  private static final int MAX_FILE_SIZE_MB = 10;
  private static final long BYTES_PER_MB = 1024L * 1024L;
  private static final Path NOWHERE = Path.of("/dev/null");
  private static final Set<PosixFilePermission> OURS_ALONE =
      PosixFilePermissions.fromString("rw-------");

  private final Path directory;
  private final String name;
  private final int files;
  private final long bytes;
  private final boolean kept;

  /** Creates the rotation of a task's files in a directory; nothing is made yet. */
  public LogRotation(Path directory, String task, TaskSpec.Logs logs) {
    this.directory = directory;
    this.name = task.replaceAll("[/\\x00]", "-");
    this.files = Math.max(1, logs.maxFiles().orElse(MAX_FILES));
    this.bytes = Math.max(1, logs.maxFileSizeMb().orElse(MAX_FILE_SIZE_MB)) * BYTES_PER_MB;
    this.kept = !logs.disabled();
  }

  /** Returns the file that standard output is to be appended to. */
  public Path stdout() {
    return kept ? numbered("stdout", 0) : NOWHERE;
  }

  /** Returns the file that standard error is to be appended to. */
  public Path stderr() {
    return kept ? numbered("stderr", 0) : NOWHERE;
  }

  /**
   * Makes the files where they are missing, 0600, and returns them; none when nothing is kept. What
   * is there stays.
   */
  public List<Path> open() throws IOException {
    if (!kept) {
      return List.of();
    }
    for (Path file : List.of(stdout(), stderr())) {
      try {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OURS_ALONE));
      } catch (FileAlreadyExistsException e) {
        if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
          throw e;
        }
      }
    }
    return List.of(stdout(), stderr());
  }

  /** Turns the files over that have become too large. Not for two threads at once. */
  public void rotate() throws IOException {
    if (kept) {
      rotate("stdout");
      rotate("stderr");
    }
  }

  private void rotate(String stream) throws IOException {
    Path full = numbered(stream, 0);
    if (!Files.isRegularFile(full, NOFOLLOW_LINKS) || Files.size(full) <= bytes) {
      return;
    }
    int last = Math.max(1, files - 1);
    while (Files.deleteIfExists(numbered(stream, last))) {
      last++; // the spec may have said a larger number before
    }
    for (int number = files - 2; number > 0; number--) {
      if (Files.exists(numbered(stream, number), NOFOLLOW_LINKS)) {
        Files.move(
            numbered(stream, number), numbered(stream, number + 1), ATOMIC_MOVE, REPLACE_EXISTING);
      }
    }
    empty(stream, full);
  }

  /** Empties it even when it cannot be copied: a full disk is what a rotation is there against. */
  private void empty(String stream, Path full) throws IOException {
    try (FileChannel from = FileChannel.open(full, Set.of(READ, WRITE, NOFOLLOW_LINKS))) {
      try {
        if (files > 1) {
          copy(from, stream);
        }
      } finally {
        from.truncate(0);
      }
    }
  }

  private void copy(FileChannel from, String stream) throws IOException {
    Path copy = directory.resolve(name + "." + stream + ".copy");
    try {
      try (FileChannel to =
          FileChannel.open(
              copy,
              Set.of(CREATE, WRITE, TRUNCATE_EXISTING, NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(OURS_ALONE))) {
        long enough = 2 * from.size(); // a task may write as fast as we copy
        long part = 1;
        for (long done = 0; part > 0 && done < enough; done += part) {
          part = from.transferTo(done, bytes, to);
        }
      }
      Files.move(copy, numbered(stream, 1), ATOMIC_MOVE, REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private Path numbered(String stream, int number) {
    return directory.resolve(name + "." + stream + "." + number);
  }
}
