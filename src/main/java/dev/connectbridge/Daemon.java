package dev.connectbridge;

import dev.connectbridge.reconcile.Loop;
import dev.connectbridge.reconcile.Reconciler;
import dev.connectbridge.supervise.Supervisor;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two threads of a started bridge: one does the passes, one sees to drains and tasks. */
final class Daemon {
  private static final Logger log = LoggerFactory.getLogger(Daemon.class);

  private final Reconciler reconciler;
  private final Loop loop;
  private final Supervisor supervisor;
  private final Thread passes;
  private final Thread supervision;

  Daemon(Reconciler reconciler, Loop loop, Supervisor supervisor) {
    this.reconciler = reconciler;
    this.loop = loop;
    this.supervisor = supervisor;
    this.passes = new Thread(loop, "connect-bridge");
    this.supervision = new Thread(supervisor, "connect-bridge-supervisor");
  }

  void start() {
    supervisor.recover();
    supervision.start();
    passes.start();
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

  void await() throws InterruptedException {
    passes.join();
  }

  /** Ends the passes, for as long as they are allowed, then everything else at once. */
  void end() throws InterruptedException {
    loop.stop();
    passes.join(loop.patience().toMillis());
    try {
      supervisor.abandon().get(200, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("not every drain that was cut off has a receipt");
    }
    supervisor.close();
    supervision.join(200);
  }
}
