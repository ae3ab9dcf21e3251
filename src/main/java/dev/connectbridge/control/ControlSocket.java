package dev.connectbridge.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's end of the socket: {@code control.sock} in the data directory, 0600 from the moment
 * it is there. Whoever may write to it may do all that the daemon does when asked.
 */
public final class ControlSocket implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlSocket.class);
  private static final String NAME = "control.sock";
  private static final int LONGEST_PATH = 107;
  private static final int WAITING_OUTSIDE = 64;

  private final Path file;
  private final Object inode;
  private final Desk desk;
  private final Thread thread;

  private ControlSocket(Path file, Object inode, Desk desk) {
    this.file = file;
    this.inode = inode;
    this.desk = desk;
    this.thread = new Thread(desk, "connect-bridge-control");
    thread.setDaemon(true);
  }

  /** Returns where the socket of a data directory is. */
  static Path in(Path dataDirectory) {
    return dataDirectory.toAbsolutePath().resolve(NAME);
  }

  /**
   * Opens the socket of a data directory, in the place of one whose daemon is dead.
   *
   * @throws IOException when it cannot be made, or a daemon answers at it
   */
  public static ControlSocket open(Path dataDirectory, Controlled daemon) throws IOException {
    return open(dataDirectory, daemon, Desk.Rules.USUAL);
  }

  static ControlSocket open(Path dataDirectory, Controlled daemon, Desk.Rules rules)
      throws IOException {
    Path file = in(dataDirectory);
    if (file.toString().getBytes(UTF_8).length > LONGEST_PATH) {
      throw new IOException(
          "%s is longer than the %d bytes that the path of a socket may have"
              .formatted(file, LONGEST_PATH));
    }
    if (answers(file)) {
      throw new IOException("somebody else answers at " + file);
    }
    ServerSocketChannel door = bound(file);
    ControlSocket socket =
        new ControlSocket(file, inode(file), new Desk(door, new Answers(daemon), rules));
    socket.thread.start();
    return socket;
  }

  private static boolean answers(Path file) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(file));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Bound where nobody else may look, and moved into place once it is 0600. The way there is no
   * longer than the path that it ends at.
   */
  private static ServerSocketChannel bound(Path file) throws IOException {
    Path nook = file.resolveSibling(".s");
    Path fresh = nook.resolve("s");
    Files.deleteIfExists(fresh);
    Files.deleteIfExists(nook);
    Files.createDirectory(
        nook, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      door.bind(UnixDomainSocketAddress.of(fresh), WAITING_OUTSIDE);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Files.delete(nook);
      return door;
    } catch (IOException e) {
      door.close();
      throw e;
    }
  }

  private static Object inode(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** Returns whether whoever looks for the socket finds this one, and not none or another's. */
  public boolean isInPlace() {
    try {
      return inode(file).equals(inode);
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends it; who waits for an answer is hung up on. A second close does nothing. */
  @Override
  public void close() {
    desk.close();
    try {
      thread.join(1000);
      if (isInPlace()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      log.debug("the socket stays: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
