package dev.connectbridge.planted.cli;

import dev.connectbridge.Breaks;
import java.net.Socket;

/** Has a getter; the one that it only overrides is not its own. */
@Breaks("NO_GETTERS")
final class Bean extends Socket {

  public String getName() {
    return "bean";
  }

  @Override
  public int getPort() {
    return 0;
  }
}
