package dev.connectbridge.consul;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * A question that the agent answers when an entry changes. It tells once that something changed, or
 * never, and then is over. An answer that says nothing about the entry, such as a missing
 * permission, ends it silently: telling would only make the asker ask again at once.
 */
final class BlockedQuery implements Runnable {
  private static final String HASH = "X-Consul-ContentHash";

  /** Consul adds up to a sixteenth to a wait, and an answer takes a while. */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final OkHttpClient client;
  private final Traffic traffic;
  private final HttpUrl entry;
  private final Duration wait;
  private final Ticker ticker;
  private final Runnable changed;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile Call current;

  BlockedQuery(
      OkHttpClient client,
      Traffic traffic,
      HttpUrl entry,
      Duration wait,
      Ticker ticker,
      Runnable changed) {
    this.client = client;
    this.traffic = traffic;
    this.entry = entry;
    this.wait = wait;
    this.ticker = ticker;
    this.changed = changed;
  }

  void start() {
    Thread thread = new Thread(this, "consul-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends the query now, without telling. */
  void stop() {
    over.set(true);
    Call call = current;
    if (call != null) {
      call.cancel();
    }
  }

  @Override
  public void run() {
    try {
      traffic.enter(Lane.BLOCKED, "GET " + entry.encodedPath());
    } catch (AgentException e) {
      return; // one watch too many: the resync does without
    }
    boolean news;
    try {
      news = news();
    } finally {
      traffic.leave(Lane.BLOCKED);
    }
    if (news && over.compareAndSet(false, true)) {
      changed.run();
    }
  }

  /** Asks until there is news; returns whether there is. */
  private boolean news() {
    try {
      Answer first = ask(entry, AgentCalls.READ);
      if (!first.isEntry()) {
        return first.isGone();
      }
      HttpUrl blocked =
          entry
              .newBuilder()
              .addQueryParameter("hash", first.hash())
              .addQueryParameter("wait", GoDuration.of(wait))
              .build();
      Duration longest = wait.plus(wait.dividedBy(16)).plus(MARGIN);
      Answer next;
      boolean wholeWait;
      do {
        Duration asked = ticker.now();
        next = ask(blocked, longest);
        wholeWait = ticker.now().minus(asked).compareTo(wait) >= 0;
      } while (wholeWait && next.isEntry() && next.hash().equals(first.hash()));
      return next.isEntry() || next.isGone();
    } catch (IOException e) {
      return true; // refused, closed, frozen: whoever is stopped meanwhile is over already
    }
  }

  private Answer ask(HttpUrl url, Duration longest) throws IOException {
    Call call = client.newCall(new Request.Builder().url(url).build());
    call.timeout().timeout(longest.toMillis(), TimeUnit.MILLISECONDS);
    current = call;
    if (over.get()) {
      throw new IOException("stopped");
    }
    try (Response response = call.execute()) {
      return new Answer(response.code(), response.header(HASH, ""));
    }
  }

  private record Answer(int status, String hash) {
    boolean isEntry() {
      return status == 200 && !hash.isEmpty();
    }

    boolean isGone() {
      return status == 404;
    }
  }
}
