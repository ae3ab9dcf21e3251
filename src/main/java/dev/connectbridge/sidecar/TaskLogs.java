package dev.connectbridge.sidecar;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.connectbridge.spec.TaskSpec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Where a task's output is kept: {@code STEM.stdout.0} is the newest file of its stream, {@code
 * STEM.stdout.1} the one before.
 *
 * @param stem the files' path up to the task's name
 * @param files how many files of each stream
 * @param bytes how large each may grow
 */
public record TaskLogs(Path stem, int files, long bytes) {
  private static final int MAX_FILES = 10;
  private static final int MAX_FILE_SIZE_MB = 10;
  private static final long BYTES_PER_MB = 1024L * 1024L;

  /** Returns where a task's output is kept that is to be kept in a directory. */
  public static TaskLogs of(Path directory, String task, TaskSpec.Logs logs) {
    return new TaskLogs(
        directory.resolve(task.replaceAll("[/\\x00]", "-")).toAbsolutePath(),
        Math.max(1, logs.maxFiles().orElse(MAX_FILES)),
        Math.max(1, logs.maxFileSizeMb().orElse(MAX_FILE_SIZE_MB)) * BYTES_PER_MB);
  }

  /** Opens a file for reading and writing; where it is missing it is made, 0600. */
  public static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(CREATE, READ, WRITE, NOFOLLOW_LINKS),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** Returns the newest file of a stream. */
  public Path newest(String stream) {
    return file(stream, 0);
  }

  /**
   * Moves every file of a stream but the newest to the next number; the oldest goes.
   *
   * @return the place for what the newest holds; empty when that is not kept
   */
  public Optional<Path> makeRoom(String stream) throws IOException {
    int last = Math.max(1, files - 1);
    while (Files.deleteIfExists(file(stream, last))) {
      last++; // the spec may have said a larger number before
    }
    for (int number = files - 2; number > 0; number--) {
      if (Files.exists(file(stream, number), NOFOLLOW_LINKS)) {
        Files.move(file(stream, number), file(stream, number + 1), ATOMIC_MOVE, REPLACE_EXISTING);
      }
    }
    return files > 1 ? Optional.of(file(stream, 1)) : Optional.empty();
  }

  private Path file(String stream, int number) {
    return stem.resolveSibling(stem.getFileName() + "." + stream + "." + number);
  }
}
