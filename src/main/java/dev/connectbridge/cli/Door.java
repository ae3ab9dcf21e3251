package dev.connectbridge.cli;

import dev.connectbridge.Bridge;
import dev.connectbridge.control.ControlSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a daemon can be asked. One that waits for another with the same data directory leaves it to
 * that one, and opens it when its turn has come.
 */
final class Door implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Door.class);

  private final CountDownLatch closed = new CountDownLatch(1);
  private Optional<ControlSocket> socket = Optional.empty();

  private Door() {}

  static Door open(Bridge bridge, Path directory) {
    Door door = new Door();
    String trouble = door.attempt(bridge, directory);
    if (trouble.isEmpty()) {
      return door;
    }
    if (bridge.isWorking()) {
      log.error("status, drain and resume cannot be asked: {}", trouble);
      return door;
    }
    Thread later = new Thread(() -> door.later(bridge, directory), "connect-bridge-door");
    later.setDaemon(true);
    later.start();
    return door;
  }

  private void later(Bridge bridge, Path directory) {
    try {
      String trouble = "it waits";
      while (!trouble.isEmpty() && !closed.await(1, TimeUnit.SECONDS)) {
        trouble = bridge.isWorking() ? attempt(bridge, directory) : trouble;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized String attempt(Bridge bridge, Path directory) {
    if (closed.getCount() == 0) {
      return "";
    }
    try {
      socket = Optional.of(ControlSocket.open(directory, new RunningBridge(bridge)));
      return "";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    closed.countDown();
    socket.ifPresent(ControlSocket::close);
  }
}
