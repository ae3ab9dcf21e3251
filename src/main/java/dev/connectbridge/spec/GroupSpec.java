package dev.connectbridge.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A task group: what is placed, started and stopped together.
 *
 * @param name the group's name
 * @param count how many instances of it there are
 * @param shutdownDelay the time between deregistering the group's services and signalling its tasks
 * @param meta the group's meta, laid over the job's
 * @param networks the group's networks; a group with a sidecar has exactly one
 * @param services the group's own services
 * @param tasks the group's tasks, read for what they say about drivers, kinds and names
 * @param ephemeralDiskMb the disk that logs must fit in, megabytes
 * @param origin where the group stands
 */
public record GroupSpec(
    String name,
    int count,
    Duration shutdownDelay,
    Map<String, String> meta,
    List<Network> networks,
    List<ServiceSpec> services,
    List<TaskSpec> tasks,
    int ephemeralDiskMb,
    Origin origin) {

  /** Nomad's default ephemeral disk, megabytes (Nomad 1.1.2). */
  public static final int DEFAULT_DISK_MB = 300;

  public GroupSpec {
    meta = Ordered.copy(meta);
    networks = List.copyOf(networks);
    services = List.copyOf(services);
    tasks = List.copyOf(tasks);
  }

  /** Returns the same group with other networks, services and tasks. */
  public GroupSpec with(
      List<Network> newNetworks, List<ServiceSpec> newServices, List<TaskSpec> newTasks) {
    return new GroupSpec(
        name,
        count,
        shutdownDelay,
        meta,
        newNetworks,
        newServices,
        newTasks,
        ephemeralDiskMb,
        origin);
  }

  /**
   * A network of the group.
   *
   * @param mode {@code host}, {@code bridge}, {@code none} or {@code cni/NAME}
   * @param ports the ports asked for
   * @param dns how names are looked up inside of it
   * @param hostname what the group's machine is called inside of it
   * @param origin where the block stands
   */
  public record Network(
      String mode, List<Port> ports, Optional<Dns> dns, String hostname, Origin origin) {
    public Network {
      ports = List.copyOf(ports);
    }

    /** Creates one that says nothing of names. */
    public Network(String mode, List<Port> ports, Origin origin) {
      this(mode, ports, Optional.empty(), "", origin);
    }

    /** Returns the same network with other ports. */
    public Network withPorts(List<Port> changed) {
      return new Network(mode, changed, dns, hostname, origin);
    }
  }

  /**
   * The {@code dns} block of a network.
   *
   * @param servers the addresses of the servers that are asked
   * @param searches the domains that short names are looked for in
   * @param options the options of the lookup
   * @param origin where the block stands
   */
  public record Dns(
      List<String> servers, List<String> searches, List<String> options, Origin origin) {
    public Dns {
      servers = List.copyOf(servers);
      searches = List.copyOf(searches);
      options = List.copyOf(options);
    }
  }

  /**
   * A port that the group asks for.
   *
   * @param label its label
   * @param fixed the port on the host where it is {@code static}
   * @param to the port inside the group; -1 means the host port; empty where it is not mapped
   * @param hostNetwork the host network that it is taken from, {@code default} unless said
   * @param origin where the block stands
   */
  public record Port(
      String label, OptionalInt fixed, OptionalInt to, String hostNetwork, Origin origin) {}
}
