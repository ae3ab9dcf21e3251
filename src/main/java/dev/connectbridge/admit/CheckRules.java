package dev.connectbridge.admit;

import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.ServiceSpec.Check;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The rules for one check. */
final class CheckRules {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");

  /** What no URL holds; a query may. */
  private static final Pattern BROKEN = Pattern.compile("^[^?#]*(%(?![0-9A-Fa-f]{2})|\\p{Cntrl})");

  private final GroupSpec group;
  private final ServiceSpec service;
  private final Check check;
  private final List<Problem> problems;

  CheckRules(GroupSpec group, ServiceSpec service, Check check, List<Problem> problems) {
    this.group = group;
    this.service = service;
    this.check = check;
    this.problems = problems;
  }

  void check() {
    boolean script = check.type().equals("script");
    if (check.type().equals("tcp") && service.sidecar().isPresent()) {
      say(
          "type",
          "a tcp check proves nothing on a service with a sidecar, the proxy answers; use http or"
              + " grpc");
    }
    if (check.type().equals("http")) {
      checkPath();
    }
    if (check.interval().compareTo(SECOND) < 0) {
      say("interval", "a check needs an interval of at least 1s");
    }
    if (check.timeout().compareTo(SECOND) < 0) {
      say("timeout", "a check needs a timeout of at least 1s");
    }
    checkCount("success_before_passing", check.successBeforePassing(), script);
    checkCount("failures_before_critical", check.failuresBeforeCritical(), script);
    checkCount("failures_before_warning", check.failuresBeforeWarning(), script);
    if (!script && check.portLabel().isEmpty() && service.portLabel().isEmpty()) {
      say("port", "neither the check nor its service has a port");
    }
    if (script) {
      checkScript();
    }
    if (check.expose()) {
      checkExpose();
    }
  }

  private void say(String key, String message) {
    problems.add(check.origin().problem(key, message));
  }

  private void checkPath() {
    if (check.path().isEmpty()) {
      say("path", "an http check needs a path, for instance \"/health\"");
    } else if (ABSOLUTE.matcher(check.path()).lookingAt()) {
      say("path", "a path begins with \"/\"; host and port come from the service");
    } else if (BROKEN.matcher(check.path()).find()) {
      say("path", "this is no path of a URL: a % is followed by two hex digits, %25 is one itself");
    }
  }

  private void checkCount(String key, int count, boolean script) {
    if (count < 0) {
      say(key, "a count cannot be negative");
    } else if (count > 0 && script) {
      say(key, "a script check has no such count");
    }
  }

  private void checkScript() {
    if (check.script().command().isEmpty()) {
      say("command", "a script check needs a command");
    }
    String task = check.script().task().isEmpty() ? service.task() : check.script().task();
    if (task.isEmpty()) {
      say("task", "a script check needs a task to run in, its own or its service's");
    } else if (group.tasks().stream().noneMatch(each -> each.name().equals(task))) {
      say("task", ServiceRules.unknownTask(group, task));
    }
  }

  /** What is empty or absolute is refused for every check. */
  private static boolean isRelative(String path) {
    return !path.isEmpty() && !path.startsWith("/") && !ABSOLUTE.matcher(path).lookingAt();
  }

  private void checkExpose() {
    if (service.sidecar().isEmpty()) {
      say("expose", "only the check of a service with a sidecar can be exposed");
    } else if (!check.type().equals("http") && !check.type().equals("grpc")) {
      say("expose", "only http and grpc checks can be exposed, not " + check.type());
    } else if (check.type().equals("http") && isRelative(check.path())) {
      say("path", "the path of an exposed check begins with \"/\"");
    }
  }
}
