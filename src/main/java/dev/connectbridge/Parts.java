package dev.connectbridge;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.CatalogApi;
import dev.connectbridge.consul.ConsulAgent;
import dev.connectbridge.consul.OurAgent;
import dev.connectbridge.converge.CatalogWatch;
import dev.connectbridge.converge.ConvergenceBook;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.reconcile.Loop;
import dev.connectbridge.reconcile.Memory;
import dev.connectbridge.reconcile.Reconciler;
import dev.connectbridge.reconcile.Settings;
import dev.connectbridge.sidecar.TaskDriver;
import dev.connectbridge.source.Source;
import dev.connectbridge.supervise.Supervision;
import dev.connectbridge.supervise.Supervisor;
import dev.connectbridge.supervise.Ticker;
import dev.connectbridge.writer.Writership.Seat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a bridge is put together from; and the putting together of one that is started. */
record Parts(
    AgentApi agent,
    Optional<CatalogApi> otherServers,
    String agentName,
    Source source,
    Settings decisions,
    Kept kept,
    Duration resync,
    boolean leaveOnExit,
    DrainPolicy drains,
    Supplier<List<TaskDriver>> drivers,
    ConsulAccess access,
    Optional<Path> dataDirectory,
    Optional<Path> runDirectory,
    boolean sessionLock) {

  String owner() {
    return decisions.owner();
  }

  /** Returns the lock in Consul that only one bridge of an owner has, if there is one to be had. */
  Optional<Seat> seat() {
    return sessionLock && agent instanceof ConsulAgent own
        ? Optional.of(new Seat(own.locks(), this::nodeName, owner(), dataDirectory))
        : Optional.empty();
  }

  /** Puts together what works through an agent; what was kept is read now. */
  Daemon daemon(AgentApi fenced, Runnable wake) {
    Memory memory = kept.memory();
    Supervisor supervisor = Supervisor.of(supervision(memory.agent()), fenced, wake);
    ConvergenceBook book = new ConvergenceBook(owner());
    Reconciler passes =
        new Reconciler(fenced, told(), memory, Optional.of(supervisor), Ticker.SYSTEM);
    Loop loop =
        new Loop(fenced, source, passes, resync, leaveOnExit, Optional.of(supervisor), book);
    Optional<CatalogApi> servers = servers();
    Optional<CatalogWatch> watch =
        servers.map(all -> new CatalogWatch(all, this::nodeName, book, Ticker.SYSTEM));
    return new Daemon(passes, loop, supervisor, book, servers, watch);
  }

  /** Whoever runs tasks, or has a place for it, tells the groups' environments as well. */
  private Settings told() {
    return dataDirectory.isEmpty()
        ? decisions
        : new Settings(
            decisions.owner(),
            decisions.node(),
            decisions.minPort(),
            decisions.maxPort(),
            decisions.choices().running(),
            decisions.consent(),
            decisions.drift(),
            decisions.keepLastInstance());
  }

  private Supervision supervision(OurAgent ours) {
    return new Supervision(
        owner(),
        decisions.node().name(),
        ours,
        drains,
        dataDirectory,
        servers(),
        drivers.get(),
        access);
  }

  /** A view of one's own for each who asks: what one unblocks ends no other's calls. */
  private Optional<CatalogApi> servers() {
    return agent instanceof ConsulAgent own ? Optional.of(own.catalog()) : otherServers;
  }

  /** A token that may not read the agent leaves what the configuration calls its machine. */
  String nodeName() throws AgentException {
    try {
      return agent.facts().nodeName();
    } catch (AgentException e) {
      if (e.kind() == Kind.FORBIDDEN) {
        return decisions.node().name();
      }
      throw e;
    }
  }
}
