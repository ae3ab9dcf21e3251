package dev.connectbridge.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.connectbridge.testing.Answered.Ending;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A simulated agent on a loopback port, in the time of the machine. */
public final class SimulatedServer implements AutoCloseable {
  /** Time that nobody announces, a check's for instance, is noticed so late. */
  private static final long LOOK_MILLIS = 20;

  private static final String NO_DELAY = "sun.net.httpserver.nodelay";

  static {
    // Else each answer waits 40 ms for the other side's acknowledgement of its head.
    if (System.getProperty(NO_DELAY) == null) {
      System.setProperty(NO_DELAY, "true");
    }
  }

  private final SimulatedAgent agent;

  /** As many as Linux lets wait; whom it turns away tries again after a second only. */
  private static final int BACKLOG = 4096;

  private final HttpServer server;
  private final ExecutorService threads;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean closed;

  /** Begins to listen. */
  public SimulatedServer(SimulatedAgent agent) throws IOException {
    this.agent = agent;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    this.threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "simulated-agent");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::exchange);
    server.start();
  }

  /** Returns {@code http://127.0.0.1:port}. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void exchange(HttpExchange exchange) throws IOException {
    try {
      if (open.incrementAndGet() > agent.connections()) {
        return; // closed without a word
      }
      send(exchange, answer(asked(exchange)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.decrementAndGet();
      exchange.close();
    }
  }

  private static Asked asked(HttpExchange exchange) throws IOException {
    SortedMap<String, String> headers = new TreeMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    return new Asked(
        exchange.getRequestMethod(),
        exchange.getRequestURI().toString(),
        headers,
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  private Answered answer(Asked asked) throws InterruptedException {
    Fault fault = agent.fault(asked);
    if (!fault.arrives()) {
      return fault.upon(Answered.empty(0));
    }
    Instant since = agent.clock().instant();
    Optional<Answered> answer = agent.attempt(asked, since);
    while (answer.isEmpty() && !closed) {
      agent.awaitChange(LOOK_MILLIS);
      answer = agent.attempt(asked, since);
    }
    return fault.upon(answer.orElseGet(() -> Answered.ending(Ending.CLOSED)));
  }

  private void send(HttpExchange exchange, Answered answer)
      throws IOException, InterruptedException {
    pass(answer.ending() == Ending.NEVER ? Duration.ofDays(1) : answer.after());
    if (answer.ending() != Ending.WHOLE && answer.ending() != Ending.CUT_SHORT) {
      return;
    }
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    int sent = answer.ending() == Ending.WHOLE ? body.length : body.length / 2;
    exchange.getResponseBody().write(body, 0, sent);
  }

  private void pass(Duration time) throws InterruptedException {
    Instant end = agent.clock().instant().plus(time);
    while (!closed && agent.clock().instant().isBefore(end)) {
      agent.awaitChange(LOOK_MILLIS);
    }
  }

  @Override
  public void close() {
    closed = true;
    server.stop(0);
    threads.shutdownNow();
  }
}
