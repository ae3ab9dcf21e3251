package dev.connectbridge.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.control.ControlException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The other end of the socket: asks the daemon of a data directory. */
public final class ControlClient {
  private static final int LONGEST = 64 * 1024 * 1024;

  private final Path socket;

  private ControlClient(Path socket) {
    this.socket = socket;
  }

  /** Returns a client for the daemon of a data directory; nothing is asked yet. */
  public static ControlClient of(Path dataDirectory) {
    return new ControlClient(ControlSocket.in(dataDirectory));
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param patience how long to wait; empty is until the daemon hangs up
   * @return the answer, as src/docs/formats.md describes it
   */
  public JsonNode ask(Request request, Optional<Duration> patience) throws ControlException {
    JsonNode said = read(exchange(request.line() + "\n", patience));
    if (said.path("error").isTextual()) {
      throw new ControlException(Kind.REFUSED, said.path("error").asText(), null);
    }
    if (!said.path("answer").isObject()) {
      throw garbled(null);
    }
    return said.path("answer");
  }

  private JsonNode read(String line) throws ControlException {
    try {
      return new ObjectMapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw garbled(e);
    }
  }

  private ControlException garbled(Throwable cause) {
    return new ControlException(Kind.BROKEN, "what answers at " + socket + " is no daemon", cause);
  }

  private String exchange(String line, Optional<Duration> patience) throws ControlException {
    try (SocketChannel channel = connected()) {
      try {
        ByteBuffer question = UTF_8.encode(line);
        while (question.hasRemaining()) {
          channel.write(question);
        }
        return answer(channel, patience);
      } catch (IOException e) {
        throw new ControlException(
            Kind.BROKEN, "the daemon hung up before it had answered: " + e.getMessage(), e);
      }
    } catch (IOException e) {
      throw new ControlException(Kind.BROKEN, e.getMessage(), e);
    }
  }

  private SocketChannel connected() throws ControlException {
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    } catch (IOException e) {
      close(channel);
      throw unconnected(e);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // it was never open
    }
  }

  private ControlException unconnected(IOException e) {
    String why = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (why.contains("permission denied")) {
      return new ControlException(
          Kind.FORBIDDEN, "only the user that the daemon runs as may ask it: " + socket, e);
    }
    return new ControlException(
        Kind.NOBODY,
        "no daemon runs with the data directory %s (%s: %s)"
            .formatted(socket.getParent(), socket.getFileName(), e.getMessage()),
        e);
  }

  private static String answer(SocketChannel channel, Optional<Duration> patience)
      throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    ByteBuffer part = ByteBuffer.allocate(16 * 1024);
    Optional<Duration> until = patience.map(Ticker.SYSTEM.now()::plus);
    channel.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_READ);
      while (true) {
        await(selector, until);
        int read = channel.read(part.clear());
        if (read < 0) {
          throw new IOException("end of the connection");
        }
        for (int at = 0; at < read; at++) {
          if (part.get(at) == '\n') {
            answer.write(part.array(), 0, at);
            return answer.toString(UTF_8);
          }
        }
        answer.write(part.array(), 0, Math.max(0, read));
        if (answer.size() > LONGEST) {
          throw new IOException("an answer without end");
        }
      }
    }
  }

  private static void await(Selector selector, Optional<Duration> until) throws IOException {
    long left = until.map(at -> Math.max(1, at.minus(Ticker.SYSTEM.now()).toMillis())).orElse(0L);
    selector.select(left);
    selector.selectedKeys().clear();
    if (until.filter(at -> Ticker.SYSTEM.now().compareTo(at) >= 0).isPresent()) {
      throw new IOException("no answer in time");
    }
  }
}
