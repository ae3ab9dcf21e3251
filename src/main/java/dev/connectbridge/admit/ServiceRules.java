package dev.connectbridge.admit;

import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.GroupSpec.Port;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.Spelling;
import dev.connectbridge.spec.TaskSpec;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Pattern;

/** The rules for one service and its checks. */
final class ServiceRules {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final GroupSpec group;
  private final ServiceSpec service;
  private final SortedSet<String> labels;
  private final List<Problem> problems;
  private final List<Problem> warnings;

  ServiceRules(
      GroupSpec group,
      ServiceSpec service,
      SortedSet<String> labels,
      List<Problem> problems,
      List<Problem> warnings) {
    this.group = group;
    this.service = service;
    this.labels = labels;
    this.problems = problems;
    this.warnings = warnings;
  }

  void check() {
    checkName();
    checkPort(service.origin(), service.portLabel());
    if (!service.task().isEmpty()
        && group.tasks().stream().noneMatch(task -> task.name().equals(service.task()))) {
      say(service.origin(), "task", unknownTask(group, service.task()));
    }
    checkAddress();
    service
        .connect()
        .ifPresent(connect -> new ConnectRules(group, service, connect, problems).check());
    service.sidecar().ifPresent(sidecar -> checkSidecarPort(sidecar.origin()));
    service.checks().forEach(check -> new CheckRules(group, service, check, problems).check());
    service.checks().forEach(check -> checkPort(check.origin(), check.portLabel()));
    service
        .sidecar()
        .ifPresent(
            sidecar ->
                sidecar
                    .proxy()
                    .expose()
                    .forEach(
                        path -> checkLabel(path.origin(), "listener_port", path.listenerPort())));
  }

  static String unknownTask(GroupSpec group, String task) {
    List<String> tasks = group.tasks().stream().map(TaskSpec::name).toList();
    return "the group has no task \"%s\"".formatted(task) + Spelling.didYouMean(task, tasks);
  }

  private void checkAddress() {
    if (!service.address().isEmpty() && !service.addressMode().equals("auto")) {
      say(
          service.origin(),
          "address",
          "address takes the place of address_mode = \"%s\": say one of the two"
              .formatted(service.addressMode()));
    }
    service
        .taggedAddresses()
        .forEach(
            (name, address) -> {
              if (!TaggedAddress.isOne(address)) {
                say(
                    service.origin(),
                    "tagged_addresses",
                    "\"%s\" is no address: \"%s\" is neither an IP nor address:port"
                        .formatted(name, address));
              }
            });
  }

  private void say(Origin origin, String key, String message) {
    problems.add(origin.problem(key, message));
  }

  private void checkName() {
    String name = service.name();
    if (name.contains("${")) {
      say(
          service.origin(),
          "name",
          "the name \"%s\" holds a value that is not known when names are filled in; job, group,"
                  .formatted(name)
              + " meta and node values are");
    } else if (!NAME.matcher(name).matches()) {
      say(
          service.origin(),
          "name",
          "\"%s\" is no service name: 1 to 63 letters, digits and dashes, beginning and ending with"
                  .formatted(name)
              + " a letter or digit");
    } else if (service.sidecar().isPresent() && name.chars().anyMatch(Character::isUpperCase)) {
      say(
          service.origin(),
          "name",
          "a service with a sidecar cannot have upper-case letters in its name: \"%s\""
              .formatted(name));
    }
  }

  private void checkPort(Origin origin, String label) {
    if (label.isEmpty() || labels.contains(label) || label.contains("${")) {
      return;
    }
    if (NUMBER.matcher(label).matches()) {
      int number = Integer.parseInt(label);
      if (number < 1 || number > 65535) {
        say(origin, "port", "a port is between 1 and 65535, not " + label);
      }
      return;
    }
    checkLabel(origin, "port", label);
  }

  private void checkLabel(Origin origin, String key, String label) {
    if (label.isEmpty() || labels.contains(label) || label.contains("${")) {
      return;
    }
    say(origin, key, unknownLabel(label));
  }

  private String unknownLabel(String label) {
    String known =
        labels.isEmpty()
            ? "the group's network declares none"
            : "the group has " + String.join(", ", labels);
    return "no port is labelled \"%s\"; %s".formatted(label, known)
        + Spelling.didYouMean(label, labels);
  }

  /** What the author of a sidecar's port may not have meant. */
  private static Optional<String> doubtful(Port port) {
    if (port.origin().equals(Origin.NONE)) {
      return NUMBER.matcher(port.label()).matches()
          ? Optional.of(
              "\"%1$s\" is a label here, and the port behind it is any free one; for port %1$s itself"
                  + " declare a port with static = %1$s and say its label")
          : Optional.empty();
    }
    if (port.fixed().isPresent()) {
      return Optional.of(
          "port \"%s\" is static; Nomad refuses that for a sidecar, here it is used");
    }
    return port.to().isEmpty()
        ? Optional.of("port \"%s\" is declared without `to`; the proxy binds the host port")
        : Optional.empty();
  }

  private void checkSidecarPort(Origin origin) {
    String label = Admission.sidecarPortLabel(service);
    group.networks().stream()
        .limit(1)
        .flatMap(network -> network.ports().stream())
        .filter(port -> port.label().equals(label))
        .flatMap(port -> doubtful(port).stream())
        .forEach(doubt -> warnings.add(origin.problem("port", doubt.formatted(label))));
    if (group.networks().size() == 1 && !labels.contains(label) && !label.contains("${")) {
      say(origin, "port", unknownLabel(label));
    }
  }
}
