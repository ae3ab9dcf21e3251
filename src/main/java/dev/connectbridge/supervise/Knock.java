package dev.connectbridge.supervise;

import dev.connectbridge.host.ListeningPorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Whether somebody listens, whoever it is: a stranger at a port cannot be told apart. */
interface Knock {
  /** By connecting, and closing at once. */
  Knock TCP =
      new Knock() {
        private static final int PATIENCE_MILLIS = 1000;

        @Override
        public boolean connects(String host, int port) {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            return true;
          } catch (IOException e) {
            return false;
          }
        }

        @Override
        public boolean isListenedOn(int port) {
          return ListeningPorts.now().contains(port);
        }
      };

  /** Returns whether a connection comes about. */
  boolean connects(String host, int port);

  /** Returns whether this machine says that somebody listens on a port; nobody hears of it. */
  boolean isListenedOn(int port);
}
