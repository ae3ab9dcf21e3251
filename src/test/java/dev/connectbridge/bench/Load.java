package dev.connectbridge.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** Clients of one address, until they are told to stop. */
final class Load implements AutoCloseable {
  private static final Duration FOR_EVER = Duration.ofDays(1);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final List<Client> fresh = new ArrayList<>();
  private final List<Client> kept = new ArrayList<>();
  private final List<Client> careful = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final long began = System.nanoTime();

  /**
   * Starts four that make a new connection for each request, as fast as they can, two that keep
   * theirs, and two that keep theirs for no longer than they may.
   */
  Load(int port, Duration mayKeep) throws IOException {
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (int i = 0; i < 4; i++) {
      fresh.add(start(new Client(self(), server, Duration.ZERO, Duration.ZERO)));
    }
    for (int i = 0; i < 2; i++) {
      kept.add(start(new Client(self(), server, FOR_EVER, PAUSE)));
      careful.add(start(new Client(self(), server, mayKeep, PAUSE)));
    }
  }

  private InetAddress self() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (10 + threads.size())});
  }

  private Client start(Client client) {
    Thread thread = new Thread(client, "client-" + threads.size());
    threads.add(thread);
    thread.start();
    return client;
  }

  /** Waits until so many requests were made, each over a connection of its own. */
  void awaitAsked(long count) {
    Awaitility.await("requests over new connections")
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> asked() >= count);
  }

  /** Returns how many requests were made, each over a connection of its own. */
  long asked() {
    return fresh.stream().mapToLong(Client::asked).sum();
  }

  /** Stops them, and returns what became of their requests. */
  Figures stop() throws InterruptedException {
    close();
    for (Thread thread : threads) {
      thread.join();
    }
    return new Figures(
        Duration.ofNanos(System.nanoTime() - began),
        asked(),
        fresh.stream().flatMap(client -> client.failures().stream()).toList(),
        fresh.stream().flatMap(Client::micros).sorted().toList(),
        kept.stream().map(Client::failures).toList(),
        careful.stream().flatMap(client -> client.failures().stream()).toList(),
        careful.stream().mapToLong(Client::asked).sum());
  }

  @Override
  public void close() {
    List.of(fresh, kept, careful).forEach(clients -> clients.forEach(Client::stop));
  }

  /**
   * What became of the requests.
   *
   * @param asked how many were made, each over a connection of its own
   * @param failed what went wrong with those
   * @param micros how long each of those took that went well, the quickest first
   * @param kept what went wrong for each that kept its connection
   * @param careful what went wrong for those that kept none for too long
   * @param carefullyAsked how many requests those made
   */
  record Figures(
      Duration lasted,
      long asked,
      List<String> failed,
      List<Long> micros,
      List<List<String>> kept,
      List<String> careful,
      long carefullyAsked) {

    private double millis(double share) {
      return micros.isEmpty() ? 0 : micros.get((int) (micros.size() * share)) / 1000.0;
    }

    @Override
    public String toString() {
      return """
          %d requests in %.1f s, %d failed, p50 %.1f ms, p99 %.1f ms; kept connections broke %s; \
          of %d requests over connections that are not kept for long, %d failed"""
          .formatted(
              asked,
              lasted.toMillis() / 1000.0,
              failed.size(),
              millis(0.5),
              millis(0.99),
              kept.stream().map(List::size).toList(),
              carefullyAsked,
              careful.size());
    }
  }
}
