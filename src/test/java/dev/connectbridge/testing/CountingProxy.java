package dev.connectbridge.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Stands on loopback in front of an agent, counts the requests, and lets every byte through as it
 * comes: a blocked query stays blocked, and an end that closes closes the other. Requests have a
 * Content-Length or no body.
 */
public final class CountingProxy implements AutoCloseable {
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

  private final ServerSocket door;
  private final int agentPort;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;
  private volatile long slowness;
  private volatile long slownessBack;
  private volatile String pretended = "";

  private CountingProxy(ServerSocket door, int agentPort) {
    this.door = door;
    this.agentPort = agentPort;
  }

  /**
   * A request that went through.
   *
   * @param method its method
   * @param path its path without the query
   * @param head its first line and headers, as sent
   */
  public record Request(String method, String path, String head) {

    /** Returns whether it may change something that is registered. */
    public boolean isWrite() {
      return !READS.contains(method) && !isOfTheLock();
    }

    /** Returns whether it is about whose turn it is, which a start and an end write. */
    public boolean isOfTheLock() {
      return path.startsWith("/v1/session/")
          || path.startsWith("/v1/kv/connect-bridge/")
          || path.equals("/v1/internal/acl/authorize");
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /** Starts a proxy in front of what listens on a loopback port, now or later. */
  public static CountingProxy before(int agentPort) {
    try {
      ServerSocket door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
      CountingProxy proxy = new CountingProxy(door, agentPort);
      daemon(proxy::acceptAll);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns {@code http://127.0.0.1:port}. */
  public String address() {
    return "http://127.0.0.1:" + door.getLocalPort();
  }

  /** Returns the requests since the last {@link #forget}, in the order they came. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Returns those that may change something that is registered. */
  public List<Request> writes() {
    return requests.stream().filter(Request::isWrite).toList();
  }

  /** Returns how many requests had a method and a path that begins so. */
  public long count(String method, String pathPrefix) {
    return requests.stream()
        .filter(request -> request.method().equals(method))
        .filter(request -> request.path().startsWith(pathPrefix))
        .count();
  }

  /** Returns how many clients are connected now. */
  public int open() {
    return (int)
        open.stream().filter(socket -> socket.getLocalPort() == door.getLocalPort()).count();
  }

  /** Forgets the requests so far. */
  public void forget() {
    requests.clear();
  }

  /** Closes every connection there is, in good order; new ones are let in. */
  public void cut() {
    open.forEach(CountingProxy::closeQuietly);
  }

  /** Breaks every connection there is: both ends see a reset; new ones are let in. */
  public void reset() {
    open.forEach(CountingProxy::breakWhenClosed); // the first that closes closes its other end
    cut();
  }

  /** Cuts, and closes every new connection at once, until {@link #admit}. */
  public void refuse() {
    refusing = true;
    cut();
  }

  /** Lets new connections in again. */
  public void admit() {
    refusing = false;
  }

  /** Keeps every request that comes back for so long, until it is 0; a blocked one is kept, too. */
  public void slow(Duration each) {
    slowness = each.toMillis();
  }

  /** Keeps every answer that comes back for so long, until it is 0; the agent has done it then. */
  public void slowAnswers(Duration each) {
    slownessBack = each.toMillis();
  }

  /** Answers 200 to writes whose path begins so, and does nothing; until {@link #beHonest}. */
  public void pretend(String pathPrefix) {
    pretended = pathPrefix;
  }

  /** Lets everything through again. */
  public void beHonest() {
    pretended = "";
  }

  @Override
  public void close() {
    closeQuietly(door);
    cut();
  }

  private void acceptAll() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        open.add(client);
        if (refusing) {
          client.close();
          open.remove(client);
        } else {
          daemon(() -> serve(client));
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket agent = new Socket(InetAddress.getLoopbackAddress(), agentPort)) {
      client.setTcpNoDelay(true);
      agent.setTcpNoDelay(true);
      open.add(agent);
      daemon(() -> answers(agent, client));
      InputStream in = new BufferedInputStream(client.getInputStream());
      while (true) {
        request(in, agent.getOutputStream(), client.getOutputStream());
      }
    } catch (IOException e) {
      // One end has closed; closing the other is all there is to do.
    } finally {
      open.remove(client);
    }
  }

  private void answers(Socket agent, Socket client) {
    try (client;
        agent) {
      InputStream in = agent.getInputStream();
      byte[] part = new byte[1 << 14];
      for (int read = in.read(part); read >= 0; read = in.read(part)) {
        dawdle(() -> slownessBack);
        client.getOutputStream().write(part, 0, read);
        while (in.available() > 0) { // it has waited as well
          client.getOutputStream().write(part, 0, in.read(part));
        }
      }
    } catch (IOException e) {
      // as above
    } finally {
      open.remove(agent);
    }
  }

  private void request(InputStream in, OutputStream agent, OutputStream client) throws IOException {
    String head = head(in);
    String[] words = head.split(" ", 3);
    String path = words[1].contains("?") ? words[1].substring(0, words[1].indexOf('?')) : words[1];
    byte[] body = in.readNBytes(length(head));
    Request request = new Request(words[0], path, head);
    requests.add(request);
    dawdle(() -> slowness);
    if (!pretended.isEmpty() && request.isWrite() && path.startsWith(pretended)) {
      client.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
      client.flush();
      return;
    }
    agent.write(head.getBytes(StandardCharsets.ISO_8859_1));
    agent.write(body);
    agent.flush();
  }

  private static void dawdle(LongSupplier slowness) throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(slowness.getAsLong());
    try {
      while (slowness.getAsLong() > 0 && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.timedJoin(Thread.currentThread(), 5);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      head.write(next);
      matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static int length(String head) {
    return head.lines()
        .map(line -> line.toLowerCase(Locale.ROOT))
        .filter(line -> line.startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElse(0);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "counting-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void breakWhenClosed(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      // It has closed meanwhile.
    }
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
