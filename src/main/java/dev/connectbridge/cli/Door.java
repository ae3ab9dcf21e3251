package dev.connectbridge.cli;

import dev.connectbridge.Bridge;
import dev.connectbridge.control.ControlSocket;
import dev.connectbridge.host.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a daemon can be asked. One that waits for another with the same data directory leaves it to
 * that one, and opens it when its turn has come. A socket that somebody removed, the directory with
 * it perhaps, is made again within a second; one at which another answers is left alone.
 */
final class Door implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Door.class);

  private final Bridge bridge;
  private final Path directory;
  private final CountDownLatch closed = new CountDownLatch(1);
  private Optional<ControlSocket> socket = Optional.empty();
  private String trouble = "";

  /** Creates one that is opened by {@link #look}, and looks at nothing by itself. */
  Door(Bridge bridge, Path directory) {
    this.bridge = bridge;
    this.directory = directory;
  }

  static Door open(Bridge bridge, Path directory) {
    Door door = new Door(bridge, directory);
    door.attempt();
    Thread thread = new Thread(door::follow, "connect-bridge-door");
    thread.setDaemon(true);
    thread.start();
    return door;
  }

  private void follow() {
    try {
      while (!closed.await(1, TimeUnit.SECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whoever waits and never had one leaves it to whoever works. */
  synchronized void look() {
    boolean itsTurn = bridge.isWorking() || socket.isPresent();
    if (itsTurn && socket.filter(ControlSocket::isInPlace).isEmpty()) {
      attempt();
    }
  }

  private synchronized void attempt() {
    if (closed.getCount() == 0) {
      return;
    }
    try {
      DataDirectory.make(directory);
      ControlSocket fresh = ControlSocket.open(directory, new RunningBridge(bridge));
      socket.ifPresent(ControlSocket::close);
      socket = Optional.of(fresh);
      trouble = "";
    } catch (IOException e) {
      tell(String.valueOf(e.getMessage()));
    }
  }

  private void tell(String now) {
    if (bridge.isWorking() && !now.equals(trouble)) {
      trouble = now;
      log.error("status, drain and resume cannot be asked: {}", trouble);
    }
  }

  @Override
  public synchronized void close() {
    closed.countDown();
    socket.ifPresent(ControlSocket::close);
  }
}
