package dev.connectbridge.supervise;

import dev.connectbridge.launch.Launch;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.supervise.Lanes.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Knocks where Consul's built-in proxies should listen: such a proxy goes on without a listener
 * that it could not open. One that does not answer several times in a row is started again, ever
 * more rarely when that does not help. Somebody else at the port answers as well, and cannot be
 * told apart. At an upstream's listener every connection goes on to the upstream's application, so
 * one is made only where this machine does not say that somebody listens.
 *
 * <p>Only tasks that see the directories of this machine as they are, and so share its network, are
 * knocked at. For the supervisor's thread alone.
 */
final class Probes {
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final int PATIENCE = 3;
  private static final int MOST_PATIENCE = 96;
  private static final String LOOPBACK = "127.0.0.1";

  private final Edges edges;
  private final TaskHands hands;
  private final Tasks tasks;
  private final Knock knock;
  private final SortedMap<String, Watch> watches = new TreeMap<>();

  Probes(Edges edges, TaskHands hands, Tasks tasks, Knock knock) {
    this.edges = edges;
    this.hands = hands;
    this.tasks = tasks;
    this.knock = knock;
  }

  /** Where a proxy should listen. */
  private record Door(String host, int port, boolean upstream) {
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  private static final class Watch {
    private Launch launch;
    private Set<Door> doors = Set.of();
    private String handle = "";
    private Duration next = Duration.ZERO;
    private boolean busy;
    private int misses;
    private int patience = PATIENCE;
  }

  void see(Desired wanted) {
    SortedMap<String, Set<Door>> doors = new TreeMap<>();
    SortedMap<String, Launch> launches = new TreeMap<>();
    for (Workload workload : wanted.workloads()) {
      workload
          .launch()
          .filter(launch -> launch.isBuiltin() && hands.isHere(launch))
          .ifPresent(
              launch -> {
                launches.put(launch.id(), launch);
                doors
                    .computeIfAbsent(launch.id(), any -> new LinkedHashSet<>())
                    .addAll(doors(workload, launch));
              });
    }
    watches.keySet().retainAll(launches.keySet());
    launches.forEach(
        (id, launch) -> {
          Watch watch = watches.computeIfAbsent(id, any -> new Watch());
          watch.launch = launch;
          watch.doors = doors.get(id);
        });
  }

  /** Services that share a task have one proxy, which is that of the first. */
  private static List<Door> doors(Workload workload, Launch launch) {
    List<Door> doors = new ArrayList<>();
    if (!workload.registration().id().value().equals(launch.service())) {
      return doors;
    }
    Sidecar sidecar = workload.registration().sidecar().orElseThrow();
    doors.add(new Door(reached(sidecar.address()), sidecar.port(), false));
    sidecar.proxy().upstreams().stream()
        .filter(upstream -> upstream.localBindPort() > 0)
        .forEach(
            upstream ->
                doors.add(
                    new Door(
                        reached(upstream.localBindAddress()), upstream.localBindPort(), true)));
    return doors;
  }

  private static String reached(String address) {
    return switch (address) {
      case "", "0.0.0.0" -> LOOPBACK;
      case "::" -> "::1";
      default -> address;
    };
  }

  /** Does what is due; returns when to look again though nothing happens. */
  Optional<Duration> step() {
    Duration now = edges.ticker().now();
    List<Duration> later = new ArrayList<>();
    for (Watch watch : watches.values()) {
      tend(watch, now).ifPresent(later::add);
    }
    return later.stream().min(Duration::compareTo);
  }

  private Optional<Duration> tend(Watch watch, Duration now) {
    String handle = tasks.handle(watch.launch).orElse("");
    if (!handle.equals(watch.handle)) {
      watch.handle = handle;
      watch.misses = 0;
      watch.next = now.plus(EVERY);
    }
    if (handle.isEmpty() || watch.busy) {
      return Optional.empty();
    }
    if (now.compareTo(watch.next) < 0) {
      return Optional.of(watch.next);
    }
    watch.next = now.plus(EVERY);
    watch.busy = true;
    Set<Door> doors = watch.doors;
    edges.lanes().run(Lane.PROBE, () -> work(watch, handle, doors));
    return Optional.empty();
  }

  private void work(Watch watch, String handle, Set<Door> doors) {
    Optional<Door> silent =
        doors.stream()
            .filter(door -> !(door.upstream() && knock.isListenedOn(door.port())))
            .filter(door -> !knock.connects(door.host(), door.port()))
            .findFirst();
    edges.tell().accept(() -> done(watch, handle, silent));
  }

  private void done(Watch watch, String handle, Optional<Door> silent) {
    watch.busy = false;
    if (!handle.equals(watch.handle)) {
      return;
    }
    if (silent.isEmpty()) {
      watch.misses = 0;
      watch.patience = PATIENCE;
      return;
    }
    watch.misses++;
    if (watch.misses >= watch.patience) {
      watch.misses = 0;
      watch.patience = Math.min(watch.patience * 2, MOST_PATIENCE);
      tasks.restart(watch.launch, "its proxy does not listen on " + silent.get());
    }
  }
}
