package dev.connectbridge.admit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.GroupSpec.Network;
import dev.connectbridge.spec.GroupSpec.Port;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What Nomad's server adds to a group: proxy tasks, their ports, and the paths of its checks. */
final class Injection {
  private final JobSpec job;
  private final GroupSpec group;
  private final AdmissionOptions options;
  private final List<TaskSpec> tasks;
  private final List<Network> networks;
  private final List<ServiceSpec> services = new ArrayList<>();

  Injection(JobSpec job, GroupSpec group, AdmissionOptions options) {
    this.job = job;
    this.group = group;
    this.options = options;
    this.tasks = new ArrayList<>(group.tasks());
    this.networks = new ArrayList<>(group.networks());
  }

  GroupSpec result() {
    return group.with(networks, services, tasks);
  }

  void add(ServiceSpec service) {
    Optional<ConnectKind> kind = ConnectKind.of(service);
    kind.filter(ConnectKind::hasProxyTask)
        .ifPresent(proxy -> new ProxyTask(job, group, service, proxy).addTo(tasks, options));
    ServiceSpec filled = service;
    if (service.sidecar().isPresent()) {
      addPort(Admission.sidecarPortLabel(service));
      filled = new ExposedChecks(networks, this::addPort).expose(service);
    } else if (kind.filter(ConnectKind::isGateway).isPresent()) {
      filled = new GatewayDefaults(networks, this::addPort).fill(service, kind.get());
    }
    services.add(filled);
  }

  /** Adds a dynamic port that is mapped to the same number, unless the label is there already. */
  private void addPort(String label) {
    if (networks.isEmpty()
        || networks.get(0).ports().stream().anyMatch(port -> port.label().equals(label))) {
      return;
    }
    List<Port> ports = new ArrayList<>(networks.get(0).ports());
    ports.add(new Port(label, OptionalInt.empty(), OptionalInt.of(-1), "default", Origin.NONE));
    networks.set(0, networks.get(0).withPorts(ports));
  }

  /** Returns six hex digits that a text alone decides; Nomad's are random in places. */
  static String sixHex(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 3);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
