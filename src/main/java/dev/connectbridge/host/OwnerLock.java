package dev.connectbridge.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lock that one daemon holds for its owner and agent on this machine, so that a {@code sync} of
 * the same owner does not work against it, or for its data directory. The kernel lets go of it when
 * the daemon dies.
 */
public final class OwnerLock implements AutoCloseable {

  /**
   * The files that this process has locked. They are not opened a second time: to close any channel
   * of a file lets go of all locks that the process has on it. Whoever opens one holds the set's
   * monitor until it is closed, or is in the set.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private static final String DATA_LOCK = "lock";

  private final Path asked;
  private final Place place;
  private Path file;
  private Held held;

  private OwnerLock(Path asked, Place place, Path file, Held held) {
    this.asked = asked;
    this.place = place;
    this.file = file;
    this.held = held;
  }

  /** What its directory and its file are made like, where they are not there. */
  private enum Place {
    RUN("rw-r--r--"),
    DATA("rw-------");

    private final String permissions;

    Place(String permissions) {
      this.permissions = permissions;
    }

    void make(Path directory) throws IOException {
      if (this == DATA) {
        DataDirectory.make(directory);
      } else {
        Files.createDirectories(directory);
      }
    }
  }

  /** An open file that is locked, and what tells it from one that takes its place. */
  private record Held(FileChannel channel, Object inode) {}

  /** Takes the lock in the first directory that can be written; empty when another has it. */
  public static Optional<OwnerLock> take(Optional<Path> runDirectory, String owner, String agent)
      throws IOException {
    if (isHeld(runDirectory, owner, agent)) {
      return Optional.empty();
    }
    IOException last = new IOException("no directory for the lock can be written");
    for (Path directory : directories(runDirectory)) {
      try {
        return take(directory.resolve(name(owner, agent)), Place.RUN);
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  /** Takes the lock of a data directory, which is made if need be; empty when another has it. */
  public static Optional<OwnerLock> ofDirectory(Path dataDirectory) throws IOException {
    return take(dataDirectory.resolve(DATA_LOCK), Place.DATA);
  }

  /** Returns whether a daemon of this owner and agent runs on this machine. */
  public static boolean isHeld(Optional<Path> runDirectory, String owner, String agent) {
    synchronized (OWN) {
      return isHeld(directories(runDirectory), name(owner, agent));
    }
  }

  /** Returns whether a bridge works in a data directory, as far as this user may see. */
  public static boolean isDirectoryHeld(Path dataDirectory) {
    synchronized (OWN) {
      return isHeld(List.of(dataDirectory), DATA_LOCK);
    }
  }

  private static boolean isHeld(List<Path> directories, String name) {
    for (Path directory : directories) {
      Path file = directory.resolve(name);
      if (OWN.contains(real(file))) {
        return true;
      }
      if (Files.isReadable(file)) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
          if (lock == null) {
            return true;
          }
        } catch (IOException e) {
          // cannot be asked: then it is not ours to know
        }
      }
    }
    return false;
  }

  private static Optional<OwnerLock> take(Path asked, Place place) throws IOException {
    synchronized (OWN) {
      place.make(asked.toAbsolutePath().getParent());
      Path file = real(asked);
      return takeAlone(file, place).map(held -> new OwnerLock(asked, place, file, held));
    }
  }

  private static Optional<Held> takeAlone(Path real, Place place) throws IOException {
    if (!OWN.add(real)) {
      return Optional.empty();
    }
    Optional<Held> taken = Optional.empty();
    try {
      taken = lock(real, place.permissions);
    } finally {
      if (taken.isEmpty()) {
        OWN.remove(real);
      }
    }
    return taken;
  }

  /** A link that somebody put in its place would have another file emptied. */
  private static Optional<Held> lock(Path file, String permissions) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    Optional<Held> held = Optional.empty();
    try {
      if (channel.tryLock() != null) {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
        held = Optional.of(new Held(channel, inode(file)));
      }
      return held;
    } finally {
      if (held.isEmpty()) {
        channel.close();
      }
    }
  }

  private static Object inode(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /**
   * Sees to it that whoever comes finds it taken, also where somebody has removed its file: then
   * that is made and locked again. Returns false when another has been there first, and has it now.
   *
   * @throws IOException when it cannot be made again, by us or by others
   */
  public boolean keep() throws IOException {
    synchronized (OWN) {
      if (!held.channel().isOpen()) {
        return false;
      }
      if (isInPlace()) {
        return true;
      }
      place.make(asked.toAbsolutePath().getParent());
      Path now = real(asked);
      Optional<Held> again = again(now);
      held.channel().close();
      held = again.orElse(held);
      file = now;
      return again.isPresent();
    }
  }

  private Optional<Held> again(Path now) throws IOException {
    OWN.remove(file);
    try {
      return takeAlone(now, place);
    } catch (IOException e) {
      OWN.add(file);
      throw e;
    }
  }

  /** What cannot be looked at is left as it is. */
  private boolean isInPlace() throws IOException {
    try {
      return inode(real(asked)).equals(held.inode());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** One name for one file, which need not be there yet. */
  private static Path real(Path file) {
    try {
      return file.getParent().toRealPath().resolve(file.getFileName());
    } catch (IOException e) {
      return file.toAbsolutePath();
    }
  }

  private static List<Path> directories(Optional<Path> runDirectory) {
    if (runDirectory.isPresent()) {
      return List.of(runDirectory.get());
    }
    List<Path> directories = new ArrayList<>();
    directories.add(Path.of("/run/connect-bridge"));
    Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR"))
        .filter(directory -> !directory.isBlank())
        .ifPresent(directory -> directories.add(Path.of(directory, "connect-bridge")));
    directories.add(
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "connect-bridge-" + System.getProperty("user.name")));
    return directories;
  }

  private static String name(String owner, String agent) {
    return (owner + "@" + agent).replaceAll("[^A-Za-z0-9._@-]", "-") + ".lock";
  }

  @Override
  public void close() {
    synchronized (OWN) {
      if (!held.channel().isOpen()) {
        return;
      }
      try {
        held.channel().close();
        OWN.remove(file);
      } catch (IOException e) {
        // closing is what releases it; the kernel does so at the latest when we end
      }
    }
  }
}
