package dev.connectbridge.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * One connection: it brings one line, waits, and is given one. For the desk's thread alone.
 *
 * <p>While it waits it is not listened to, so whoever has sent a question may shut down their side.
 */
final class Visitor {
  /** The longest question, in bytes, with the end of its line. */
  static final int LONGEST = 16 * 1024;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer question = ByteBuffer.allocate(LONGEST);
  private ByteBuffer answer;
  private Optional<Duration> until;

  Visitor(SocketChannel channel, Selector selector, Duration until) throws IOException {
    this.channel = channel;
    this.until = Optional.of(until);
    channel.configureBlocking(false);
    this.key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Returns when its time is over; it has all the time of the world while it waits for us. */
  Optional<Duration> until() {
    return until;
  }

  /**
   * Takes what has come; returns the question once it is whole.
   *
   * @throws TooLong when it will not be
   * @throws EOFException when there is nothing more to come
   */
  Optional<String> read() throws IOException {
    int from = question.position();
    boolean over = channel.read(question) < 0;
    for (int at = from; at < question.position(); at++) {
      if (question.get(at) == '\n') {
        key.interestOps(0);
        until = Optional.empty();
        return Optional.of(new String(Arrays.copyOf(question.array(), at), UTF_8));
      }
    }
    if (over) {
      throw new EOFException("hung up before the end of the line");
    }
    if (!question.hasRemaining()) {
      throw new TooLong();
    }
    return Optional.empty();
  }

  void say(String line, Duration latest) {
    answer = UTF_8.encode(line + "\n");
    until = Optional.of(latest);
    key.interestOps(SelectionKey.OP_WRITE);
  }

  /** Gives what can be given now; returns whether that was all. */
  boolean write() throws IOException {
    channel.write(answer);
    return !answer.hasRemaining();
  }

  void close() {
    try {
      key.cancel();
      channel.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }

  /** A question longer than any. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1;

    TooLong() {
      super("the request is longer than " + LONGEST + " bytes");
    }
  }
}
