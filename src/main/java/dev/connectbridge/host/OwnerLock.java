package dev.connectbridge.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

  private final Path file;
  private final FileChannel channel;

  private OwnerLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes the lock in the first directory that can be written; empty when another has it. */
  public static Optional<OwnerLock> take(Optional<Path> runDirectory, String owner, String agent)
      throws IOException {
    if (isHeld(runDirectory, owner, agent)) {
      return Optional.empty();
    }
    IOException last = new IOException("no directory for the lock can be written");
    for (Path directory : directories(runDirectory)) {
      try {
        Files.createDirectories(directory);
        return take(directory.resolve(name(owner, agent)), "rw-r--r--");
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  /** Takes the lock of a data directory, which is made if need be; empty when another has it. */
  public static Optional<OwnerLock> ofDirectory(Path dataDirectory) throws IOException {
    DataDirectory.make(dataDirectory);
    return take(dataDirectory.resolve("lock"), "rw-------");
  }

  /** Returns whether a daemon of this owner and agent runs on this machine. */
  public static boolean isHeld(Optional<Path> runDirectory, String owner, String agent) {
    synchronized (OWN) {
      return isHeld(directories(runDirectory), name(owner, agent));
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

  private static Optional<OwnerLock> take(Path file, String permissions) throws IOException {
    synchronized (OWN) {
      return takeAlone(file, permissions);
    }
  }

  private static Optional<OwnerLock> takeAlone(Path file, String permissions) throws IOException {
    Path real = real(file);
    if (!OWN.add(real)) {
      return Optional.empty();
    }
    Optional<OwnerLock> taken = Optional.empty();
    try {
      taken = lock(real, permissions);
    } finally {
      if (taken.isEmpty()) {
        OWN.remove(real);
      }
    }
    return taken;
  }

  /** A link that somebody put in its place would have another file emptied. */
  private static Optional<OwnerLock> lock(Path file, String permissions) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    if (channel.tryLock() == null) {
      channel.close();
      return Optional.empty();
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
    return Optional.of(new OwnerLock(file, channel));
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
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
      OWN.remove(file);
    } catch (IOException e) {
      // closing is what releases it; the kernel does so at the latest when we end
    }
  }
}
