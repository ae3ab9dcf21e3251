package dev.connectbridge.docker;

import dev.connectbridge.sidecar.TaskException;
import java.io.IOException;
import okhttp3.Call;
import okhttp3.Response;
import okio.BufferedSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the engine that containers of ours have ended. Whoever listens is also told when the
 * engine is back after it was away: nobody knows what happened in between.
 */
final class Exits {
  private static final Logger log = LoggerFactory.getLogger(Exits.class);

  private static final String PODMANS_DIE = "died";

  private final Engine engine;
  private final Streams streams;
  private final Runnable ended;
  private volatile boolean failing;

  /** An engine that never answered is nobody's; whoever wants it is told by the task. */
  private boolean connected;

  Exits(Engine engine, Streams streams, Runnable ended) {
    this.engine = engine;
    this.streams = streams;
    this.ended = ended;
  }

  void start() {
    streams.start(this::turn);
  }

  private void turn() {
    try {
      listen();
    } catch (IOException | TaskException e) {
      if (!failing && connected && !streams.isClosed()) {
        log.warn("no word of containers that end: {}", e.getMessage());
      }
      failing = true;
    }
    streams.startLater(this::turn);
  }

  private void listen() throws IOException, TaskException {
    String die = Engine.filter("type", "container", "event", "die", "event", PODMANS_DIE);
    Call call = engine.listen(engine.url("events").addQueryParameter("filters", die));
    try (Response response = call.execute()) {
      if (!response.isSuccessful()) {
        throw Engine.reply(response).refusal();
      }
      failing = false;
      connected = true;
      ended.run();
      BufferedSource events = response.body().source();
      for (String event = ""; event != null; event = events.readUtf8Line()) {
        if (event.contains(Labels.OWNER)) { // Podman finds no label by its name alone
          ended.run();
        }
      }
    }
  }
}
