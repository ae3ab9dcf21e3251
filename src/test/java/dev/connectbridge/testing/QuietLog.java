package dev.connectbridge.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.LoggerFactory;

/** What thousands of histories log: not printed, but looked through for tokens. */
public final class QuietLog implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.connectbridge");
  private final LongAdder lines = new LongAdder();
  private final AtomicReference<String> leak = new AtomicReference<>("");
  private final UnsynchronizedAppenderBase<ILoggingEvent> reader =
      new UnsynchronizedAppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.increment();
          if (event.getFormattedMessage().contains("secret")) {
            leak.set(event.getFormattedMessage());
          }
        }
      };

  /** Creates one; until it is closed the bridge's own log is read and not printed. */
  public QuietLog() {
    reader.start();
    logger.addAppender(reader);
    logger.setAdditive(false);
  }

  /** Returns how many lines there were, none of them with a token. */
  public long lines() {
    if (!leak.get().isEmpty()) {
      throw new AssertionError("I14: a token is logged: " + leak.get());
    }
    return lines.sum();
  }

  @Override
  public void close() {
    logger.setAdditive(true);
    logger.detachAppender(reader);
  }
}
