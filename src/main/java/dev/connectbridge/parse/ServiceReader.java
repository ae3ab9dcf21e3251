package dev.connectbridge.parse;

import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.ServiceSpec.Check;
import java.time.Duration;
import java.util.Optional;

/** Makes a group's service of its section. */
final class ServiceReader {
  private static final int LONGEST_NOTES = 255;

  private ServiceReader() {}

  static ServiceSpec read(Section service, Report report) {
    service.block("check_restart").ifPresent(restart -> restart(restart, report));
    return new ServiceSpec(
        service.text("name"),
        service.texts("tags"),
        service.text("port"),
        service.text("address_mode", "auto"),
        service.flag("enable_tag_override"),
        service.textMap("meta"),
        service.text("task"),
        service.text("on_update", "require_healthy"),
        service.blocks("check").stream().map(check -> check(service, check, report)).toList(),
        service.block("connect").map(ConnectReader::read),
        service.origin());
  }

  private static Check check(Section service, Section check, Report report) {
    refuse(service, check, report);
    return new Check(
        check.text("name"),
        check.text("type"),
        check.text("path"),
        check.text("protocol"),
        check.text("port"),
        check.text("address_mode"),
        check.duration("interval").orElse(Duration.ZERO),
        check.duration("timeout").orElse(Duration.ZERO),
        check.text("initial_status"),
        check.text("method"),
        check.textsMap("header"),
        check.text("body"),
        check.flag("tls_skip_verify"),
        check.text("grpc_service"),
        check.flag("grpc_use_tls"),
        check.integer("success_before_passing").orElse(0),
        check.integer("failures_before_critical").orElse(0),
        check.origin());
  }

  /** What Nomad refuses of the keys that no registration carries, so that no one else sees them. */
  private static void refuse(Section service, Section check, Report report) {
    String notes = check.text("notes");
    if (notes.length() > LONGEST_NOTES) {
      report.problem(
          check
              .origin()
              .problem("notes", "longer than " + LONGEST_NOTES + " characters: " + notes.length()));
    }
    Optional<Section> own = check.block("check_restart");
    own.ifPresent(restart -> restart(restart, report));
    if (own.isEmpty() && service.block("check_restart").isEmpty()) {
      return;
    }
    String onUpdate = check.text("on_update", service.text("on_update"));
    boolean ignoresWarnings =
        own.map(restart -> restart.flag("ignore_warnings")).orElse(false)
            || service
                .block("check_restart")
                .map(restart -> restart.flag("ignore_warnings"))
                .orElse(false);
    if (onUpdate.equals("ignore") || (onUpdate.equals("ignore_warnings") && !ignoresWarnings)) {
      String message = "on_update " + onUpdate + " does not go with check_restart";
      String addition = onUpdate.equals("ignore") ? "" : " unless it has ignore_warnings = true";
      report.problem(check.origin().problem("on_update", message + addition));
    }
  }

  private static void restart(Section restart, Report report) {
    if (restart.integer("limit").orElse(0) < 0) {
      report.problem(restart.origin().problem("limit", "must not be negative"));
    }
    if (restart.duration("grace").orElse(Duration.ZERO).isNegative()) {
      report.problem(restart.origin().problem("grace", "must not be negative"));
    }
  }
}
