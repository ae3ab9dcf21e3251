package dev.connectbridge;

import dev.connectbridge.admit.Admission;
import dev.connectbridge.admit.AdmissionOptions;
import dev.connectbridge.admit.Interpolation;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.GroupSpec.Network;
import dev.connectbridge.spec.GroupSpec.Port;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.JobSpec.AllocatedPort;
import dev.connectbridge.spec.JobSpec.Allocation;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Builds one instance of a group that a scheduler has placed on this machine: its services, and the
 * addresses and ports that they were given. The bridge decides nothing about it any more.
 *
 * <pre>{@code
 * JobSpec group = ResolvedGroup.of("countdash", "api")
 *     .allocation("b1946ac9-2a51-4f7e-9f4c-3a1d6b1e7c55", 0)
 *     .hostAddress("10.0.0.5")
 *     .port("http", 23001, 8080)
 *     .service("count-api", "http", service -> service.sidecar(23002))
 *     .build();
 * }</pre>
 *
 * <p>What a program cannot mean, a port of 0 for instance, is an {@link IllegalArgumentException}
 * at once. What the author of a spec can get wrong, a name that Consul does not take for instance,
 * is no exception: it becomes a {@link dev.connectbridge.spec.Problem} when the bridge reads the
 * group, and freezes that group alone.
 *
 * <p>For one thread at a time; what {@link #build} returns may go to any thread and never changes.
 */
public final class ResolvedGroup {
  private final String job;
  private final String name;
  private final Map<String, String> meta = new LinkedHashMap<>();
  private final Map<String, AllocatedPort> ports = new LinkedHashMap<>();
  private final List<ResolvedService> services = new ArrayList<>();
  private String namespace = "default";
  private String region = "global";
  private String allocation = "";
  private int index;
  private String hostAddress = "";
  private Optional<String> groupAddress = Optional.empty();
  private Duration shutdownDelay = Duration.ZERO;

  private ResolvedGroup(String job, String name) {
    this.job = job;
    this.name = name;
  }

  /** Begins an instance of a group of a job. */
  public static ResolvedGroup of(String job, String group) {
    return new ResolvedGroup(Given.text("job", job), Given.text("group", group));
  }

  /** Says the namespace of the job in the scheduler; {@code default} unless said. */
  public ResolvedGroup namespace(String text) {
    this.namespace = Given.text("namespace", text);
    return this;
  }

  /** Says the scheduler's region; {@code global} unless said. */
  public ResolvedGroup region(String text) {
    this.region = Given.text("region", text);
    return this;
  }

  /** Says the ID of this instance, which no other has, and which instance of the group it is. */
  public ResolvedGroup allocation(String id, int instance) {
    this.allocation = Given.text("allocation", id);
    this.index = Given.notNegative("index", instance);
    return this;
  }

  /** Says the address of this machine at which the ports of the group are reached. */
  public ResolvedGroup hostAddress(String address) {
    this.hostAddress = Given.text("host address", address);
    return this;
  }

  /** Says the address inside the group's own network; the host's address unless said. */
  public ResolvedGroup groupAddress(String address) {
    this.groupAddress = Optional.of(Given.text("group address", address));
    return this;
  }

  /** Adds a pair that texts may ask for as {@code ${NOMAD_META_key}}. */
  public ResolvedGroup meta(String key, String value) {
    meta.put(Given.text("meta key", key), Given.notNull("meta value", value));
    return this;
  }

  /** Adds a port of this machine that the group listens on itself, under the same number. */
  public ResolvedGroup port(String label, int value) {
    return put(label, Given.port("port", value), 0);
  }

  /**
   * Adds a port of this machine that is mapped into the group.
   *
   * @param value the port on the host
   * @param to the port that the application listens on
   */
  public ResolvedGroup port(String label, int value, int to) {
    return put(label, Given.port("port", value), Given.port("to", to));
  }

  private ResolvedGroup put(String label, int value, int to) {
    Given.text("label", label);
    if (ports.putIfAbsent(label, new AllocatedPort(label, value, to, "")) != null) {
      throw new IllegalArgumentException("two ports are labelled \"%s\"".formatted(label));
    }
    return this;
  }

  /** Says the time between deregistering the services and signalling the tasks; 0 unless said. */
  public ResolvedGroup shutdownDelay(Duration delay) {
    this.shutdownDelay = Given.notNegative("shutdown delay", delay);
    return this;
  }

  /**
   * Adds a service.
   *
   * @param port the label of a port of the group, or a number as text; empty for none
   * @param more says what else there is to say about it; called at once
   */
  public ResolvedGroup service(String serviceName, String port, Consumer<ResolvedService> more) {
    ResolvedService service =
        new ResolvedService(Given.text("service", serviceName), Given.notNull("port", port));
    more.accept(service);
    services.add(service);
    return this;
  }

  /**
   * Returns the group with its allocation, for {@link dev.connectbridge.source.JobList#replace}.
   * Each sidecar has its port under its label and the task that runs its proxy, as a Nomad server
   * would have left them.
   *
   * @throws IllegalStateException when allocation or host address was not said
   * @throws IllegalArgumentException when two different ports would have one label
   */
  public JobSpec build() {
    if (allocation.isEmpty() || hostAddress.isEmpty()) {
      throw new IllegalStateException(
          "a resolved group needs its allocation and the host's address: %s.%s"
              .formatted(job, name));
    }
    JobSpec admitted =
        Admission.admit(spec(Optional.empty()), Interpolation.NOTHING, AdmissionOptions.STANDARD)
            .job();
    return spec(Optional.of(decided(admitted.groups().get(0).services())))
        .withGroups(admitted.groups());
  }

  private JobSpec spec(Optional<Allocation> decided) {
    return new JobSpec(
        job, job, region, namespace, List.of(), Map.of(), List.of(group()), decided, at(path()));
  }

  private GroupSpec group() {
    String path = path() + ".group." + name;
    List<Port> declared =
        ports.values().stream().map(port -> declared(port.label(), port.to())).toList();
    List<ServiceSpec> specs = new ArrayList<>();
    for (ResolvedService service : services) {
      specs.add(service.spec(path + ".service[%d]".formatted(specs.size())));
    }
    return new GroupSpec(
        name,
        1,
        shutdownDelay,
        meta,
        List.of(new Network("bridge", declared, Origin.NONE)),
        specs,
        List.of(),
        GroupSpec.DEFAULT_DISK_MB,
        at(path));
  }

  private static Port declared(String label, int to) {
    OptionalInt inside = to == 0 ? OptionalInt.empty() : OptionalInt.of(to);
    return new Port(label, OptionalInt.empty(), inside, "default", Origin.NONE);
  }

  /** The label of a sidecar's port is made of its service's name as admission has left it. */
  private Allocation decided(List<ServiceSpec> admitted) {
    Map<String, AllocatedPort> given = new LinkedHashMap<>();
    ports
        .values()
        .forEach(
            port ->
                give(given, new AllocatedPort(port.label(), port.value(), port.to(), hostAddress)));
    for (int i = 0; i < services.size(); i++) {
      ServiceSpec service = admitted.get(i);
      services
          .get(i)
          .sidecarPort()
          .ifPresent(
              port ->
                  give(
                      given,
                      new AllocatedPort(
                          Admission.sidecarPortLabel(service), port, port, hostAddress)));
    }
    return new Allocation(
        allocation,
        "%s.%s[%d]".formatted(job, name, index),
        index,
        "",
        "",
        hostAddress,
        groupAddress.orElse(hostAddress),
        List.copyOf(given.values()),
        false,
        false);
  }

  private static void give(Map<String, AllocatedPort> given, AllocatedPort port) {
    AllocatedPort first = given.putIfAbsent(port.label(), port);
    if (first != null && first.value() != port.value()) {
      throw new IllegalArgumentException(
          "the ports %d and %d are both labelled \"%s\""
              .formatted(first.value(), port.value(), port.label()));
    }
  }

  private String path() {
    return "job." + job;
  }

  /** Where a part of something stands that a program built. */
  static Origin at(String path) {
    return new Origin("", path, Origin.NONE.place(), Map.of());
  }
}
