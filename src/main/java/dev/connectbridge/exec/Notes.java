package dev.connectbridge.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.connectbridge.sidecar.TaskId;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;

/**
 * The notes of all tasks, a file each, 0600. A note is written whole and moved into place. It is
 * not forced to the disk: what a machine forgets when it falls ends with it.
 */
final class Notes {
  private static final String SUFFIX = ".task";
  private static final int LONGEST_NAME = 200;

  private final Path directory;

  Notes(Path directory) {
    this.directory = directory;
  }

  /** Returns every note; one that cannot be understood is passed over, its processes are marked. */
  List<Note> all() throws IOException {
    List<Note> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        read(file).ifPresent(all::add);
      }
    } catch (NoSuchFileException e) {
      return all;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return all;
  }

  /** Returns the note of a task. */
  Optional<Note> of(TaskId id) throws IOException {
    return read(file(id));
  }

  private static Optional<Note> read(Path file) throws IOException {
    Properties lines = new Properties();
    try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
      lines.load(reader);
      return Optional.of(NoteLines.note(lines));
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Writes the note of a task in place of the one there is. */
  void write(Note note) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path fresh = file(note.id()).resolveSibling(file(note.id()).getFileName() + ".new");
    try (FileChannel channel =
            FileChannel.open(
                fresh,
                Set.of(CREATE, WRITE, TRUNCATE_EXISTING),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
        Writer writer = Channels.newWriter(channel, UTF_8)) {
      NoteLines.of(note).store(writer, null);
    }
    Files.move(fresh, file(note.id()), ATOMIC_MOVE, REPLACE_EXISTING);
  }

  /** Removes the note of a task, if there is one. */
  void remove(TaskId id) throws IOException {
    Files.deleteIfExists(file(id));
  }

  private Path file(TaskId id) {
    return directory.resolve(fileName(id) + SUFFIX);
  }

  /** Returns the name of a task as part of a file's name, which may not be too long. */
  static String fileName(TaskId id) {
    return id.value().length() <= LONGEST_NAME
        ? id.value()
        : id.value().substring(0, LONGEST_NAME - 40)
            + "-"
            + UUID.nameUUIDFromBytes(id.value().getBytes(UTF_8));
  }
}
