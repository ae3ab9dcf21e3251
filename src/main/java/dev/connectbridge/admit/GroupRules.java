package dev.connectbridge.admit;

import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.GroupSpec.Network;
import dev.connectbridge.spec.GroupSpec.Port;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The rules for a group, its networks and what its services have to do with each other. */
final class GroupRules {
  private static final Pattern HOST_NAME =
      Pattern.compile(
          "(?!.{254})[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

  private static final int LAST_PORT = 65535;

  private final GroupSpec group;
  private final AdmissionOptions options;
  private final List<Problem> problems;
  private final List<Problem> warnings;

  GroupRules(
      GroupSpec group, AdmissionOptions options, List<Problem> problems, List<Problem> warnings) {
    this.options = options;
    this.group = group;
    this.problems = problems;
    this.warnings = warnings;
  }

  void check() {
    if (group.shutdownDelay().isNegative()) {
      say(group.origin().problem("shutdown_delay", "a delay cannot be negative"));
    }
    if (group.count() < 0) {
      say(group.origin().problem("count", "a group cannot run a negative number of times"));
    }
    group.networks().forEach(this::checkPorts);
    group.networks().forEach(this::checkNames);
    boolean mesh = group.services().stream().anyMatch(service -> service.sidecar().isPresent());
    if (mesh) {
      checkMeshNetwork();
      checkGroupName();
    }
    checkServiceNames();
    SortedSet<String> labels = labels();
    for (ServiceSpec service : group.services()) {
      new ServiceRules(group, service, labels, problems, warnings).check();
    }
    new UpstreamRules(group, problems, warnings).check();
    checkTaskNames();
    for (TaskSpec task : group.tasks()) {
      if (ConnectKind.isProxyTask(task.kind())) {
        new TaskRules(group, task, options, problems).check();
      }
    }
  }

  private void say(Problem problem) {
    problems.add(problem);
  }

  private SortedSet<String> labels() {
    SortedSet<String> labels = new TreeSet<>();
    for (Network network : group.networks()) {
      network.ports().forEach(port -> labels.add(port.label()));
    }
    return labels;
  }

  private void checkNames(Network network) {
    String host = network.hostname();
    if (!host.isEmpty() && !host.contains("${") && !HOST_NAME.matcher(host).matches()) {
      say(network.origin().problem("hostname", "\"%s\" is no name of a host".formatted(host)));
    }
    network
        .dns()
        .ifPresent(
            dns ->
                warnings.add(
                    dns.origin()
                        .problem(
                            "the bridge makes no networks: whoever makes the group's has to know of"
                                + " dns, too")));
  }

  private void checkPorts(Network network) {
    Map<String, Port> byLabel = new HashMap<>();
    Map<String, Port> byNumber = new HashMap<>();
    for (Port port : network.ports()) {
      Port first = byLabel.putIfAbsent(port.label(), port);
      if (first != null) {
        say(port.origin().problem("the port label \"%s\" is used twice".formatted(port.label())));
      }
      if (port.to().isPresent()
          && (port.to().getAsInt() < -1 || port.to().getAsInt() > LAST_PORT)) {
        say(port.origin().problem("to", "a port is between 1 and 65535; -1 means the host port"));
      }
      port.fixed().ifPresent(number -> checkStatic(port, number, byNumber));
    }
  }

  private void checkStatic(Port port, int number, Map<String, Port> byNumber) {
    if (number < 1 || number > LAST_PORT) {
      say(port.origin().problem("static", "a port is between 1 and 65535"));
      return;
    }
    Port first = byNumber.putIfAbsent(port.hostNetwork() + ":" + number, port);
    if (first != null) {
      say(
          port.origin()
              .problem(
                  "static",
                  "port %d is already \"%s\" in this group".formatted(number, first.label())));
    }
  }

  private void checkMeshNetwork() {
    if (group.networks().size() != 1) {
      say(
          group
              .origin()
              .problem(
                  "a group with a sidecar has exactly one network block with mode = \"bridge\", this"
                      + " one has "
                      + group.networks().size()));
      return;
    }
    Network network = group.networks().get(0);
    if (!network.mode().equals("bridge") && !network.mode().startsWith("cni/")) {
      String mode = network.mode().isEmpty() ? "host" : network.mode();
      say(
          network
              .origin()
              .problem(
                  "mode",
                  "a group with a sidecar needs mode = \"bridge\" (or \"cni/…\"), not \"%s\""
                      .formatted(mode)));
    }
  }

  private void checkGroupName() {
    if (!group.name().equals(group.name().toLowerCase(java.util.Locale.ROOT))) {
      say(
          group
              .origin()
              .problem(
                  "a group with a sidecar cannot have upper-case letters in its name: \"%s\""
                      .formatted(group.name())));
    }
  }

  private void checkTaskNames() {
    Map<String, TaskSpec> seen = new HashMap<>();
    for (TaskSpec task : group.tasks()) {
      TaskSpec first = seen.putIfAbsent(task.name(), task);
      if (first != null && !task.name().isEmpty()) {
        say(
            task.origin()
                .problem(
                    "the group has two tasks \"%s\"; the first is on line %d"
                        .formatted(task.name(), first.origin().place().line())));
      }
    }
  }

  private void checkServiceNames() {
    Map<String, ServiceSpec> seen = new HashMap<>();
    for (ServiceSpec service : group.services()) {
      Optional.ofNullable(seen.putIfAbsent(service.name() + "\n" + service.portLabel(), service))
          .ifPresent(
              first ->
                  say(
                      service
                          .origin()
                          .problem(
                              "service \"%s\" with port \"%s\" stands twice in the group; the first"
                                      .formatted(service.name(), service.portLabel())
                                  + " is on line "
                                  + first.origin().place().line())));
    }
  }
}
