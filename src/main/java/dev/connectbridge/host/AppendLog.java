package dev.connectbridge.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * A file of lines that only grows: what {@link #append} returned from is on the disk. A last line
 * that was torn by a crash is nobody's line. Files are 0600. Safe for use by several threads.
 */
public final class AppendLog {
  private static final Set<StandardOpenOption> APPENDING =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

  private final Path file;
  private final long most;

  /**
   * Creates one; the file and its directory need not be there.
   *
   * @param most how large, in bytes, the file may grow before it is put aside as {@code FILE.1}; 0
   *     for without end
   */
  public AppendLog(Path file, long most) {
    this.file = file;
    this.most = most;
  }

  /** Adds a line, and waits until the disk has it. */
  public synchronized void append(String line) throws IOException {
    DataDirectory.make(file.toAbsolutePath().getParent());
    if (most > 0 && Files.exists(file) && Files.size(file) >= most) {
      Files.move(file, aside(), StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileChannel channel = open(file)) {
      long end = channel.size();
      try {
        write(channel, (isTorn(end) ? "\n" : "") + line + "\n");
      } catch (IOException e) {
        channel.truncate(end);
        throw e;
      }
    }
  }

  /** Returns the whole lines, in the order they were added; none when there is no file. */
  public synchronized List<String> lines() throws IOException {
    try {
      String text = Files.readString(file, UTF_8);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Puts other lines in the place of all there are: all of them or, after a crash, none. */
  public synchronized void replace(List<String> lines) throws IOException {
    DataDirectory.make(file.toAbsolutePath().getParent());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel = open(fresh)) {
      write(channel, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path aside() {
    return file.resolveSibling(file.getFileName() + ".1");
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path,
        APPENDING,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private boolean isTorn(long end) throws IOException {
    if (end == 0) {
      return false;
    }
    try (FileChannel reading = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      reading.read(last, end - 1);
      return last.get(0) != '\n';
    }
  }

  private static void write(FileChannel channel, String text) throws IOException {
    ByteBuffer bytes = UTF_8.encode(text);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }
}
