package dev.connectbridge.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Loopback ports that nobody listens on now. They lie above those that Linux gives to whoever names
 * none, and none comes a second time before all others have, so that a port is still free when it
 * is listened on later, or once more after a restart.
 */
public final class FreePorts {
  private static final int FIRST = 61_000;
  private static final int COUNT = 65_536 - FIRST;

  private static int next = ThreadLocalRandom.current().nextInt(COUNT);

  private FreePorts() {}

  /** Returns that many distinct ports. */
  public static synchronized List<Integer> pick(int count) {
    List<Integer> free = new ArrayList<>();
    for (int tried = 0; free.size() < count; tried++) {
      if (tried == COUNT) {
        throw new IllegalStateException("all ports from " + FIRST + " on are taken");
      }
      int port = FIRST + next;
      next = (next + 1) % COUNT;
      if (isFree(port)) {
        free.add(port);
      }
    }
    return List.copyOf(free);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
