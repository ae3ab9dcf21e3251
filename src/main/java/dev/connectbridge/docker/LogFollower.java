package dev.connectbridge.docker;

import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskLogs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what one container writes, until it has ended and all was read. */
final class LogFollower {
  private static final Logger log = LoggerFactory.getLogger(LogFollower.class);

  private final Engine engine;
  private final Streams streams;
  private final String container;
  private final TaskLogs logs;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean stopped;
  private volatile Call current;
  private volatile boolean failing;

  LogFollower(Engine engine, Streams streams, String container, TaskLogs logs) {
    this.engine = engine;
    this.streams = streams;
    this.container = container;
    this.logs = logs;
  }

  void start() {
    streams.start(this::turn);
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Waits for the last of a container that has ended; then, or after a time, stops. */
  void finish(Duration limit) {
    try {
      if (!over.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("the last output of {} is not kept", logs.stem().getFileName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopped = true;
    Call call = current;
    if (call != null) {
      call.cancel();
    }
  }

  private void turn() {
    boolean ended = false;
    try {
      ended = stopped || follow();
      failing = false;
    } catch (IOException | TaskException e) {
      complain(e);
    }
    if (ended) {
      over.countDown();
    } else {
      streams.startLater(this::turn);
    }
  }

  private void complain(Exception e) {
    if (!failing && !stopped && !streams.isClosed()) {
      log.warn("the output of {} waits: {}", logs.stem().getFileName(), e.getMessage());
    }
    failing = true;
  }

  /** Returns whether the container has ended and everything was read. */
  private boolean follow() throws IOException, TaskException {
    try (LogWriter writer = LogWriter.open(logs, container)) {
      if (!read(writer, !engine.peer().losesWhatItFollows())) {
        return true;
      }
      if (isRunning()) {
        return false;
      }
      read(writer, false);
      return true;
    }
  }

  private boolean isRunning() throws TaskException {
    Reply reply = engine.get(engine.url("containers", container, "json"));
    return !reply.isMissing() && Container.of(reply.json()).isRunning();
  }

  /** Returns whether there is such a container. */
  private boolean read(LogWriter writer, boolean onwards) throws IOException, TaskException {
    Call call = engine.listen(url(writer, onwards));
    current = call;
    if (stopped) {
      return false;
    }
    try (Response response = call.execute()) {
      if (response.code() == 404) {
        return false;
      }
      if (!response.isSuccessful()) {
        throw Engine.reply(response).refusal();
      }
      writer.replay();
      try {
        new Frames(response.body().source()).forEach(writer);
      } finally {
        writer.pause();
      }
      return true;
    }
  }

  private HttpUrl.Builder url(LogWriter writer, boolean onwards) throws TaskException {
    HttpUrl.Builder url =
        engine
            .url("containers", container, "logs")
            .addQueryParameter("stdout", "1")
            .addQueryParameter("stderr", "1")
            .addQueryParameter("timestamps", "1")
            .addQueryParameter("follow", onwards ? "1" : "0");
    writer.since().map(LogFollower::seconds).ifPresent(at -> url.addQueryParameter("since", at));
    return url;
  }

  private static String seconds(Instant at) {
    return String.format(Locale.ROOT, "%d.%09d", at.getEpochSecond(), at.getNano());
  }
}
