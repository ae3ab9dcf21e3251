package dev.connectbridge.admit;

import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.ServiceSpec.Check;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.regex.Pattern;

/** The rules for one service and its checks. */
final class ServiceRules {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Duration SECOND = Duration.ofSeconds(1);

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
      say(service.origin(), "task", "the group has no task \"%s\"".formatted(service.task()));
    }
    service
        .connect()
        .filter(connect -> connect.sidecar().isEmpty())
        .ifPresent(
            connect ->
                problems.add(
                    connect
                        .origin()
                        .problem(
                            "connect needs a sidecar_service block; without one the service is not"
                                + " in the mesh")));
    service.sidecar().ifPresent(sidecar -> checkSidecarPort(sidecar.origin()));
    service.checks().forEach(this::checkCheck);
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
    say(
        origin,
        "port",
        "no port is labelled \"%s\"; %s"
            .formatted(
                label,
                labels.isEmpty()
                    ? "the group's network declares none"
                    : "the group has " + String.join(", ", labels)));
  }

  private void checkSidecarPort(Origin origin) {
    String label = Admission.sidecarPortLabel(service);
    group.networks().stream()
        .limit(1)
        .flatMap(network -> network.ports().stream())
        .filter(port -> port.label().equals(label))
        .filter(port -> !port.origin().equals(Origin.NONE) && port.to().isEmpty())
        .filter(port -> port.fixed().isEmpty())
        .forEach(
            port ->
                warnings.add(
                    origin.problem(
                        "port",
                        "port \"%s\" is declared without `to`; the proxy binds the host port"
                            .formatted(label))));
    if (group.networks().size() == 1 && !labels.contains(label) && !label.contains("${")) {
      say(origin, "port", "no port is labelled \"%s\"".formatted(label));
    }
  }

  private void checkCheck(Check check) {
    boolean needsPort = !check.type().equals("script");
    if (check.type().equals("tcp") && service.sidecar().isPresent()) {
      say(
          check.origin(),
          "type",
          "a tcp check proves nothing on a service with a sidecar, the proxy answers; use http or"
              + " grpc");
    }
    if (check.type().equals("http")) {
      checkPath(check);
    }
    if (check.interval().compareTo(SECOND) < 0) {
      say(check.origin(), "interval", "a check needs an interval of at least 1s");
    }
    if (check.timeout().compareTo(SECOND) < 0) {
      say(check.origin(), "timeout", "a check needs a timeout of at least 1s");
    }
    if (check.successBeforePassing() < 0) {
      say(check.origin(), "success_before_passing", "a count cannot be negative");
    }
    if (check.failuresBeforeCritical() < 0) {
      say(check.origin(), "failures_before_critical", "a count cannot be negative");
    }
    if (needsPort && check.portLabel().isEmpty() && service.portLabel().isEmpty()) {
      say(check.origin(), "port", "neither the check nor its service has a port");
    }
    checkPort(check.origin(), check.portLabel());
  }

  private void checkPath(Check check) {
    if (check.path().isEmpty()) {
      say(check.origin(), "path", "an http check needs a path, for instance \"/health\"");
    } else if (check.path().contains("://")) {
      say(check.origin(), "path", "a path begins with \"/\"; host and port come from the service");
    }
  }
}
