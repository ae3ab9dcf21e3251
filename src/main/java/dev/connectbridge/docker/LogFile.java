package dev.connectbridge.docker;

import dev.connectbridge.sidecar.TaskLogs;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import okio.Buffer;
import okio.ByteString;

/** One stream of a task's output, written by us, so that a full file is moved and not copied. */
final class LogFile implements Closeable {
  private final TaskLogs logs;
  private final String stream;
  private final Buffer waiting = new Buffer();
  private FileChannel newest;
  private long length;

  private LogFile(TaskLogs logs, String stream) throws IOException {
    this.logs = logs;
    this.stream = stream;
    this.newest = TaskLogs.open(logs.newest(stream));
    this.length = newest.size();
  }

  static LogFile open(TaskLogs logs, String stream) throws IOException {
    return new LogFile(logs, stream);
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
    return after <= logs.bytes() || length + waiting.size() == 0;
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

  /** Begins a new file. */
  void rotate() throws IOException {
    newest.close();
    Path full = logs.newest(stream);
    Optional<Path> place = logs.makeRoom(stream);
    if (place.isPresent()) {
      Files.move(full, place.get(), StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.deleteIfExists(full);
    }
    newest = TaskLogs.open(full);
    length = newest.size();
  }

  @Override
  public void close() throws IOException {
    newest.close();
  }
}
