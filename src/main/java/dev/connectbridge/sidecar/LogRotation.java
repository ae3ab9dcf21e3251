package dev.connectbridge.sidecar;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.connectbridge.spec.TaskSpec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files that a task's output goes to. The task writes to {@code NAME.stdout.0} and {@code
 * NAME.stderr.0} itself and is never told of a rotation, so a file that is full is copied to the
 * next number and emptied: it must be open for appending. What is written between the copy and the
 * emptying is lost, and of a task that writes faster than that all but the newest, twice the size
 * of a file.
 */
public final class LogRotation {
  private static final Path NOWHERE = Path.of("/dev/null");

  private final TaskLogs logs;
  private final boolean kept;

  /** Creates the rotation of a task's files in a directory; nothing is made yet. */
  public LogRotation(Path directory, String task, TaskSpec.Logs logs) {
    this.logs = TaskLogs.of(directory, task, logs);
    this.kept = !logs.disabled();
  }

  /** Returns the file that standard output is to be appended to. */
  public Path stdout() {
    return kept ? logs.newest("stdout") : NOWHERE;
  }

  /** Returns the file that standard error is to be appended to. */
  public Path stderr() {
    return kept ? logs.newest("stderr") : NOWHERE;
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
      TaskLogs.open(file).close();
      if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(file.toString());
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
    Path full = logs.newest(stream);
    if (!Files.isRegularFile(full, NOFOLLOW_LINKS) || Files.size(full) <= logs.bytes()) {
      return;
    }
    empty(full, logs.makeRoom(stream));
  }

  /** Empties it even when it cannot be copied: a full disk is what a rotation is there against. */
  private void empty(Path full, Optional<Path> place) throws IOException {
    try (FileChannel from = TaskLogs.open(full)) {
      try {
        if (place.isPresent()) {
          copy(from, place.get());
        }
      } finally {
        from.truncate(0);
      }
    }
  }

  private void copy(FileChannel from, Path place) throws IOException {
    Path copy = place.resolveSibling(place.getFileName() + ".copy");
    try {
      try (FileChannel to = TaskLogs.open(copy)) {
        to.truncate(0);
        long done = Math.max(0, from.size() - 2 * logs.bytes());
        long enough = done + 2 * logs.bytes(); // a task may write as fast as we copy
        long part = 1;
        for (; part > 0 && done < enough; done += part) {
          part = from.transferTo(done, enough - done, to);
        }
      }
      Files.move(copy, place, ATOMIC_MOVE, REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(copy);
    }
  }
}
