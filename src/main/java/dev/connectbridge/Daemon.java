package dev.connectbridge;

import dev.connectbridge.consul.CatalogApi;
import dev.connectbridge.converge.CatalogWatch;
import dev.connectbridge.converge.Convergence;
import dev.connectbridge.converge.ConvergenceBook;
import dev.connectbridge.converge.Questions;
import dev.connectbridge.reconcile.Loop;
import dev.connectbridge.reconcile.Reconciler;
import dev.connectbridge.supervise.Supervisor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a started bridge: one does the passes, one sees to drains and tasks, and one
 * follows the catalog where there is one to follow.
 */
final class Daemon {
  private static final Logger log = LoggerFactory.getLogger(Daemon.class);

  /** A pass that is under way may finish the entry that it is at. */
  private static final Duration LEAVE = Duration.ofSeconds(3);

  private final Reconciler reconciler;
  private final Loop loop;
  private final Supervisor supervisor;
  private final Thread passes;
  private final Thread supervision;
  private final ConvergenceBook book;
  private final Questions questions;
  private final Optional<CatalogApi> servers;
  private final Optional<CatalogWatch> watch;

  Daemon(
      Reconciler reconciler,
      Loop loop,
      Supervisor supervisor,
      ConvergenceBook book,
      Optional<CatalogApi> servers,
      Optional<CatalogWatch> watch) {
    this.reconciler = reconciler;
    this.servers = servers;
    this.loop = loop;
    this.supervisor = supervisor;
    this.book = book;
    this.questions = new Questions(supervisor, book);
    this.watch = watch;
    this.passes = new Thread(loop, "connect-bridge");
    this.supervision = new Thread(supervisor, "connect-bridge-supervisor");
  }

  void start() {
    supervisor.recover();
    supervision.start();
    passes.start();
    watch.ifPresent(
        following -> {
          Thread thread = new Thread(following, "connect-bridge-catalog");
          thread.setDaemon(true);
          thread.start();
        });
  }

  Reconciler reconciler() {
    return reconciler;
  }

  Loop loop() {
    return loop;
  }

  Supervisor supervisor() {
    return supervisor;
  }

  Optional<CatalogApi> servers() {
    return servers;
  }

  /** Returns whether the last pass neither saw an entry nor wanted it. */
  boolean isNowhere(String id) {
    return book.isNowhere(id);
  }

  /** Tells how far everything has come; of many groups, some are asked each time. */
  CompletionStage<Convergence> convergence() {
    return questions.ask();
  }

  void await() throws InterruptedException {
    passes.join();
  }

  /** Ends everything at once, and leaves all as it is: it is another's from now on. */
  void leave() throws InterruptedException {
    loop.leave();
    end(LEAVE);
  }

  /** Ends the passes, for as long as they are allowed, then everything else at once. */
  void end() throws InterruptedException {
    loop.stop();
    end(loop.patience());
  }

  private void end(Duration patience) throws InterruptedException {
    watch.ifPresent(CatalogWatch::close);
    passes.join(patience.toMillis());
    try {
      supervisor.abandon().get(200, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("not every drain that was cut off has a receipt");
    }
    supervisor.close();
    supervision.join(200);
  }
}
