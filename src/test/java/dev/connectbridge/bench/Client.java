package dev.connectbridge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Somebody who asks for the count again and again, and notes how long that took and how often it
 * failed. Nothing is asked a second time.
 */
final class Client implements Runnable {
  private static final int PATIENCE_MS = 10_000;
  private static final String OK = "HTTP/1.1 200 ";
  private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: count\r\n\r\n".getBytes(US_ASCII);

  private final InetAddress self;
  private final InetSocketAddress server;
  private final Duration age;
  private final Duration pause;
  private final List<Long> micros = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final AtomicLong asked = new AtomicLong();
  private volatile boolean stopped;
  private Socket connection;
  private InputStream answers;
  private long opened;

  /**
   * Returns one that works as soon as it is run.
   *
   * @param self its own address; each address has ports enough of its own for many connections
   * @param age how old a connection may be that is used once more; zero is a new one each time
   * @param pause between two requests
   */
  Client(InetAddress self, InetSocketAddress server, Duration age, Duration pause) {
    this.self = self;
    this.server = server;
    this.age = age;
    this.pause = pause;
  }

  /** Returns how often it has asked so far. */
  long asked() {
    return asked.get();
  }

  void stop() {
    stopped = true;
  }

  /** Returns how long each request took; once it has ended. */
  Stream<Long> micros() {
    return micros.stream();
  }

  /** Returns what went wrong; once it has ended. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void run() {
    long began = System.nanoTime();
    while (!stopped) {
      long start = System.nanoTime();
      try {
        connect(start);
        ask();
        micros.add((System.nanoTime() - start) / 1000);
      } catch (IOException e) {
        failures.add("after %d ms: %s".formatted((start - began) / 1_000_000, e));
        hangUp();
      }
      asked.incrementAndGet();
      LockSupport.parkNanos(pause.toNanos());
    }
    hangUp();
  }

  private void connect(long now) throws IOException {
    if (connection != null && now - opened < age.toNanos()) {
      return;
    }
    hangUp();
    connection = new Socket();
    connection.setTcpNoDelay(true);
    connection.setSoTimeout(PATIENCE_MS);
    connection.bind(new InetSocketAddress(self, 0));
    connection.connect(server, PATIENCE_MS);
    answers = new BufferedInputStream(connection.getInputStream());
    opened = now;
  }

  private void hangUp() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (IOException e) {
      failures.add("closing: " + e);
    }
    connection = null;
  }

  private void ask() throws IOException {
    connection.getOutputStream().write(REQUEST);
    String status = line();
    if (!status.startsWith(OK)) {
      throw new IOException("answered " + status);
    }
    int length = -1;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.regionMatches(true, 0, "Content-Length: ", 0, 16)) {
        length = Integer.parseInt(header.substring(16).strip());
      }
    }
    if (answers.readNBytes(length).length < length) {
      throw new EOFException("broken off in the answer");
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = answers.read(); next != '\n'; next = answers.read()) {
      if (next < 0) {
        throw new EOFException(
            "closed, %d ms old".formatted((System.nanoTime() - opened) / 1_000_000));
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }
}
