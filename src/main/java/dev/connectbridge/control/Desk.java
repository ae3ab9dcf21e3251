package dev.connectbridge.control;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves all visitors by one thread, which waits for none of them. Who dawdles is shown out: when
 * their time is over, or at once when somebody else needs the chair.
 */
final class Desk implements Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Desk.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ServerSocketChannel door;
  private final Answers answers;
  private final Rules rules;
  private final Selector selector;
  private final SelectionKey arrivals;
  private final Set<Visitor> visitors = new LinkedHashSet<>();
  private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();
  private Optional<Duration> openAgain = Optional.empty();
  private volatile boolean closed;

  /**
   * What holds for visitors.
   *
   * @param chairs how many may be there at once
   * @param patience how long one may take to ask, and to listen
   */
  record Rules(int chairs, Duration patience, Ticker ticker) {
    static final Rules USUAL = new Rules(64, Duration.ofSeconds(10), Ticker.SYSTEM);
  }

  Desk(ServerSocketChannel door, Answers answers, Rules rules) throws IOException {
    this.door = door;
    this.answers = answers;
    this.rules = rules;
    this.selector = Selector.open();
    door.configureBlocking(false);
    this.arrivals = door.register(selector, SelectionKey.OP_ACCEPT);
  }

  @Override
  public void run() {
    try {
      while (!closed) {
        turn();
      }
    } catch (IOException | ClosedSelectorException e) {
      if (!closed) {
        log.error("nobody can ask this daemon any more: {}", e.getMessage());
      }
    } finally {
      visitors.forEach(Visitor::close);
      shut();
    }
  }

  private void turn() throws IOException {
    selector.select(untilNext());
    for (Runnable told = news.poll(); told != null; told = news.poll()) {
      told.run();
    }
    for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
      if (key.isValid()) {
        serve(key);
      }
    }
    selector.selectedKeys().clear();
    showOut();
  }

  /** Returns milliseconds; 0 is without end. */
  private long untilNext() {
    Duration now = rules.ticker().now();
    return visitors.stream()
        .flatMap(visitor -> visitor.until().stream())
        .map(at -> Math.max(1, at.minus(now).toMillis() + 1))
        .reduce(
            openAgain.map(at -> Math.max(1, at.minus(now).toMillis() + 1)).orElse(0L),
            Desk::sooner);
  }

  private static long sooner(long one, long other) {
    return one == 0 ? other : Math.min(one, other);
  }

  private void serve(SelectionKey key) {
    if (key == arrivals) {
      welcome();
      return;
    }
    Visitor visitor = (Visitor) key.attachment();
    try {
      if (key.isReadable()) {
        visitor.read().ifPresent(question -> ask(visitor, question));
      } else if (key.isWritable() && visitor.write()) {
        leave(visitor);
      }
    } catch (Visitor.TooLong e) {
      visitor.say(Answers.error(e.getMessage()), latest());
    } catch (IOException | RuntimeException e) {
      log.debug("a visitor left: {}", e.getMessage());
      leave(visitor);
    }
  }

  private Duration latest() {
    return rules.ticker().now().plus(rules.patience());
  }

  private void ask(Visitor visitor, String question) {
    var unused =
        answers
            .to(question)
            .thenAccept(
                answer -> {
                  news.add(() -> tell(visitor, answer));
                  selector.wakeup();
                });
  }

  private void tell(Visitor visitor, String answer) {
    if (visitors.contains(visitor)) {
      visitor.say(answer, latest());
    }
  }

  private void welcome() {
    try {
      SocketChannel channel = door.accept();
      if (channel == null) {
        return;
      }
      if (visitors.size() >= rules.chairs()) {
        visitors.stream()
            .filter(visitor -> visitor.until().isPresent())
            .findFirst()
            .ifPresent(this::leave);
      }
      if (visitors.size() >= rules.chairs()) {
        channel.close();
        return;
      }
      visitors.add(new Visitor(channel, selector, latest()));
    } catch (IOException e) {
      log.warn("somebody who asks cannot be let in: {}", e.getMessage());
      arrivals.interestOps(0);
      openAgain = Optional.of(rules.ticker().now().plus(PAUSE));
    }
  }

  private void leave(Visitor visitor) {
    visitors.remove(visitor);
    visitor.close();
  }

  private void showOut() {
    Duration now = rules.ticker().now();
    for (Visitor visitor : List.copyOf(visitors)) {
      if (visitor.until().filter(at -> now.compareTo(at) >= 0).isPresent()) {
        leave(visitor);
      }
    }
    if (openAgain.filter(at -> now.compareTo(at) >= 0).isPresent()) {
      openAgain = Optional.empty();
      arrivals.interestOps(SelectionKey.OP_ACCEPT);
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
  }

  private void shut() {
    try {
      selector.close();
      door.close();
    } catch (IOException e) {
      log.debug("not closed", e);
    }
  }
}
