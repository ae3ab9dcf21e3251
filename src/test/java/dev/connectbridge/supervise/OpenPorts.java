package dev.connectbridge.supervise;

/** Somebody listens wherever one knocks. */
final class OpenPorts implements Knock {
  @Override
  public boolean connects(String host, int port) {
    return true;
  }

  @Override
  public boolean isListenedOn(int port) {
    return true;
  }
}
