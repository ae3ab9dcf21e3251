package dev.connectbridge.docker;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import okio.Buffer;
import okio.ByteString;

/** One stream of a task's output, in files of a size: number 0 is the newest. */
final class LogFile implements Closeable {
  private static final Set<OpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);

  private final Path stem;
  private final int files;
  private final long bytes;
  private final Buffer waiting = new Buffer();
  private FileChannel newest;
  private long length;

  private LogFile(Path stem, int files, long bytes) throws IOException {
    this.stem = stem;
    this.files = files;
    this.bytes = bytes;
    this.newest = open(file(0));
    this.length = newest.size();
  }

  /** Opens the files {@code STEM.0} and so on. */
  static LogFile open(Path stem, int files, long bytes) throws IOException {
    return new LogFile(stem, files, bytes);
  }

  /** Opens a file for its owner alone. */
  static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        OPTIONS,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private Path file(int number) {
    return stem.resolveSibling(stem.getFileName() + "." + number);
  }

  /** Returns how much of the newest file is written. */
  long length() {
    return length;
  }

  /** Forgets what stands behind a length: it was written, and not noted down. */
  void cutTo(long noted) throws IOException {
    if (noted < length) {
      newest.truncate(noted);
      length = noted;
    }
  }

  boolean holds(ByteString more) {
    long after = length + waiting.size() + more.size();
    return after <= bytes || length + waiting.size() == 0;
  }

  void add(ByteString more) {
    waiting.write(more);
  }

  void write() throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(waiting.readByteArray());
    while (buffer.hasRemaining()) {
      length += newest.write(buffer, length);
    }
  }

  /** Moves every file to the next number, and begins a new one; the oldest goes. */
  void rotate() throws IOException {
    newest.close();
    if (files == 1) {
      Files.deleteIfExists(file(0));
    }
    for (int number = files - 2; number >= 0; number--) {
      if (Files.exists(file(number))) {
        Files.move(file(number), file(number + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    newest = open(file(0));
    length = newest.size();
  }

  @Override
  public void close() throws IOException {
    newest.close();
  }
}
