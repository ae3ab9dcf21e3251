package dev.connectbridge.resolve;

import dev.connectbridge.admit.Admission;
import dev.connectbridge.admit.Interpolation;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Spelling;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One instance of a group on this node, with its ports.
 *
 * @param source the file it comes from
 * @param job its job
 * @param group its group
 * @param id the allocation's ID
 * @param index which instance it is
 * @param hostAddress the host's address for the group
 * @param groupAddress the address inside the group's own network; empty when it has none
 * @param ownNetwork whether it has a network of its own; else it shares the host's
 * @param ports its ports by label
 */
record Instance(
    String source,
    JobSpec job,
    GroupSpec group,
    String id,
    int index,
    String hostAddress,
    String groupAddress,
    boolean ownNetwork,
    SortedMap<String, GivenPort> ports) {
  private static final Pattern UNCLEAN = Pattern.compile("[^A-Za-z0-9_]");

  /**
   * A port that was handed out.
   *
   * @param value the port on the host
   * @param to the port inside the group; 0 when it is not mapped
   * @param hostIp the host address that it is bound to
   */
  record GivenPort(int value, int to, String hostIp) {
    /** Returns the port that the application itself listens on. */
    int inside() {
      return to > 0 ? to : value;
    }
  }

  /** Returns {@code job.group[index]}, Nomad's name for it. */
  String name() {
    return job.name() + "." + group.name() + "[" + index + "]";
  }

  /** Returns whether one of its services is called so. */
  boolean hasService(String name) {
    return group.services().stream().anyMatch(service -> service.name().equals(name));
  }

  /** Returns whether one of its services is registered under an ID. */
  boolean hasId(String wanted) {
    return group.services().stream()
        .map(service -> ServiceId.of(id, group.name(), service.name(), service.portLabel()))
        .anyMatch(each -> each.value().equals(wanted));
  }

  Optional<GivenPort> port(String label) {
    return Optional.ofNullable(ports.get(label));
  }

  /** Returns what is wrong with a label that no port has. */
  String unknownLabel(String label) {
    return "no port is labelled \"%s\"".formatted(label)
        + Spelling.didYouMean(label, ports.keySet());
  }

  Instance withPorts(SortedMap<String, GivenPort> given) {
    return new Instance(
        source, job, group, id, index, hostAddress, groupAddress, ownNetwork, given);
  }

  /** Returns what {@code ${…}} may ask for in this instance (Nomad 1.1.2's names). */
  Interpolation values(Node node) {
    SortedMap<String, String> values = new TreeMap<>();
    values.put("NOMAD_ALLOC_ID", id);
    values.put("NOMAD_SHORT_ALLOC_ID", id.substring(0, Math.min(8, id.length())));
    values.put("NOMAD_ALLOC_NAME", name());
    values.put("NOMAD_ALLOC_INDEX", Integer.toString(index));
    values.put("NOMAD_JOB_ID", job.id());
    values.put("NOMAD_JOB_NAME", job.name());
    values.put("NOMAD_GROUP_NAME", group.name());
    values.put("NOMAD_NAMESPACE", job.namespace());
    values.put("NOMAD_REGION", job.region());
    values.put("node.region", job.region());
    if (!node.datacenter().isEmpty()) {
      values.put("NOMAD_DC", node.datacenter());
    }
    values.putAll(Admission.metaValues(job.meta()));
    values.putAll(Admission.metaValues(group.meta()));
    ports.forEach(
        (label, port) -> {
          portValues(values, label, port);
          portValues(values, UNCLEAN.matcher(label).replaceAll("_"), port);
        });
    return node.values().plus(values);
  }

  private void portValues(SortedMap<String, String> values, String label, GivenPort port) {
    String value = Integer.toString(port.value());
    values.put("NOMAD_PORT_" + label, Integer.toString(port.inside()));
    values.put("NOMAD_HOST_PORT_" + label, value);
    values.put("NOMAD_IP_" + label, port.hostIp());
    values.put("NOMAD_HOST_IP_" + label, port.hostIp());
    values.put("NOMAD_ADDR_" + label, Addresses.hostPort(port.hostIp(), port.value()));
    values.put("NOMAD_HOST_ADDR_" + label, Addresses.hostPort(port.hostIp(), port.value()));
    values.put("NOMAD_ALLOC_PORT_" + label, Integer.toString(port.inside()));
    if (!groupAddress.isEmpty()) {
      values.put("NOMAD_ALLOC_IP_" + label, groupAddress);
      values.put("NOMAD_ALLOC_ADDR_" + label, Addresses.hostPort(groupAddress, port.inside()));
    }
  }
}
