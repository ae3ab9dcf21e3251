package dev.connectbridge.parse;

import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.ServiceSpec.Canary;
import dev.connectbridge.spec.ServiceSpec.Check;
import dev.connectbridge.spec.ServiceSpec.Restart;
import dev.connectbridge.spec.ServiceSpec.Script;
import dev.connectbridge.spec.ServiceSpec.Weights;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes a group's service of its section. */
final class ServiceReader {
  private static final int LONGEST_NOTES = 255;

  /** What Consul takes anyway. */
  private static final Weights EVEN = new Weights(1, 1);

  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(1);

  private ServiceReader() {}

  static ServiceSpec read(Section service, Report report) {
    service.block("check_restart").ifPresent(restart -> refuseRestart(restart, report));
    service
        .block("identity")
        .filter(identity -> identity.texts("aud").isEmpty())
        .filter(identity -> identity.has("aud") || !identity.origin().keys().containsKey("aud"))
        .ifPresent(
            identity ->
                report.problem(
                    identity.origin().problem("aud", "an identity is for at least one audience")));
    return new ServiceSpec(
        service.text("name"),
        service.texts("tags"),
        new Canary(service.texts("canary_tags"), service.textMap("canary_meta")),
        service.text("port"),
        service.text("address_mode", "auto"),
        service.text("address"),
        service.textMap("tagged_addresses"),
        service.flag("enable_tag_override"),
        service.textMap("meta"),
        service.block("weights").map(ServiceReader::weights).filter(each -> !each.equals(EVEN)),
        service.text("kind"),
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
        check.text("tls_server_name"),
        check.text("grpc_service"),
        check.flag("grpc_use_tls"),
        check.integer("success_before_passing").orElse(0),
        check.integer("failures_before_critical").orElse(0),
        check.integer("failures_before_warning").orElse(0),
        new Script(check.text("command"), check.texts("args"), check.text("task")),
        check.flag("expose"),
        restart(service.block("check_restart"), check.block("check_restart")),
        check.origin());
  }

  /** Nomad takes each weight below 1 for 1 (1.9.2). */
  private static Weights weights(Section weights) {
    return new Weights(
        Math.max(1, weights.integer("passing").orElse(1)),
        Math.max(1, weights.integer("warning").orElse(1)));
  }

  /** Returns the check's own settings over those of its service (Nomad 1.1.2). */
  private static Optional<Restart> restart(Optional<Section> service, Optional<Section> check) {
    if (service.isEmpty() && check.isEmpty()) {
      return Optional.empty();
    }
    int limit = 0;
    Duration grace = DEFAULT_GRACE;
    boolean ignoreWarnings = false;
    for (Section restart : Stream.of(service, check).flatMap(Optional::stream).toList()) {
      limit = restart.integer("limit").orElse(0) > 0 ? restart.integer("limit").orElse(0) : limit;
      grace = restart.duration("grace").orElse(grace);
      ignoreWarnings |= restart.flag("ignore_warnings");
    }
    return Optional.of(new Restart(limit, grace, ignoreWarnings));
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
    own.ifPresent(restart -> refuseRestart(restart, report));
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

  private static void refuseRestart(Section restart, Report report) {
    if (restart.integer("limit").orElse(0) < 0) {
      report.problem(restart.origin().problem("limit", "must not be negative"));
    }
    if (restart.duration("grace").orElse(Duration.ZERO).isNegative()) {
      report.problem(restart.origin().problem("grace", "must not be negative"));
    }
  }
}
