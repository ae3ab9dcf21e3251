package dev.connectbridge.cli;

import dev.connectbridge.Bridge;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.control.Controlled;
import dev.connectbridge.converge.Convergence;
import dev.connectbridge.supervise.DrainReceipt;
import dev.connectbridge.supervise.Status;
import dev.connectbridge.writer.Mandate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** What the daemon answers with: its bridge. */
final class RunningBridge implements Controlled {
  private final Bridge bridge;
  private CompletableFuture<OptionalInt> connections =
      CompletableFuture.completedFuture(OptionalInt.empty());

  RunningBridge(Bridge bridge) {
    this.bridge = bridge;
  }

  @Override
  public CompletionStage<Standing> status() {
    Mandate mandate = bridge.mandate();
    Writer writer =
        new Writer(mandate.state().name().toLowerCase(Locale.ROOT), mandate.epoch(), mandate.why());
    return bridge.isWorking() ? atWork(writer) : CompletableFuture.completedFuture(idle(writer));
  }

  /** Whoever waits has nothing, and has asked the agent for nothing. */
  private static Standing idle(Writer writer) {
    return new Standing(
        new Status(List.of(), 0, new TreeSet<>(), List.of(), List.of(), new TreeSet<>()),
        Convergence.NOTHING,
        OptionalInt.empty(),
        Optional.empty(),
        new TreeMap<>(),
        writer);
  }

  private CompletionStage<Standing> atWork(Writer writer) {
    return bridge
        .status()
        .thenCombine(bridge.convergence(), Known::new)
        .thenCombine(
            connections(),
            (known, connections) ->
                new Standing(
                    known.status,
                    known.convergence,
                    connections,
                    bridge.withheld().map(RunningBridge::of),
                    bridge.fights(),
                    writer));
  }

  private static Withheld of(dev.connectbridge.plan.Withheld left) {
    return new Withheld(
        left.digest(), left.groups(), left.ids(), left.why(), left.remedy(), left.consentable());
  }

  @Override
  public CompletionStage<Withheld> approve(String digest) {
    return CompletableFuture.completedFuture(of(bridge.approve(digest)));
  }

  private record Known(Status status, Convergence convergence) {}

  /** Asked until it is known, by one question at a time; a slow agent holds no status up. */
  private synchronized CompletionStage<OptionalInt> connections() {
    if (connections.isDone() && connections.join().isEmpty()) {
      connections = CompletableFuture.supplyAsync(this::asked);
    }
    return connections.copy().completeOnTimeout(OptionalInt.empty(), 1, TimeUnit.SECONDS);
  }

  private OptionalInt asked() {
    try {
      return bridge.agent().offers().connectionsPerClient();
    } catch (AgentException e) {
      return OptionalInt.empty();
    }
  }

  @Override
  public CompletionStage<List<String>> adopt(String id) {
    return bridge.adopt(id);
  }

  @Override
  public CompletionStage<List<String>> release(String name) {
    return bridge.release(name);
  }

  @Override
  public CompletionStage<List<String>> forget(String id) {
    return bridge.forget(id);
  }

  @Override
  public CompletionStage<DrainReceipt> drain(
      String group, boolean hurried, Optional<Duration> deadline) {
    return hurried ? bridge.drainNow(group, deadline) : bridge.drain(group, deadline);
  }

  @Override
  public CompletionStage<Boolean> resume(String group) {
    return bridge.resume(group);
  }
}
