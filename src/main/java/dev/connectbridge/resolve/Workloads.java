package dev.connectbridge.resolve;

import dev.connectbridge.admit.Admission;
import dev.connectbridge.admit.Interpolation;
import dev.connectbridge.launch.GroupEnvironment;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.launch.ScriptCheck;
import dev.connectbridge.spec.GroupSpec.Port;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.ServiceSpec.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The workloads of one instance. */
final class Workloads {
  private final Instance instance;
  private final Situation situation;
  private final List<Problem> warnings;
  private final Registrations registrations;
  private final Launches launches;
  private final Variables variables;
  private final Filling filling;
  private final ConfigEntries entries;

  Workloads(
      Instance instance,
      Situation situation,
      BiConsumer<String, Problem> blame,
      List<Problem> warnings,
      ConfigEntries entries) {
    this.entries = entries;
    this.instance = instance;
    this.situation = situation;
    this.warnings = warnings;
    Interpolation values = instance.values(situation.node());
    this.filling = new Filling(values, warnings);
    this.registrations = new Registrations(instance, situation, blame, warnings, filling);
    this.variables = new Variables(instance, values);
    this.launches = new Launches(instance, situation, variables);
  }

  /** A service and what Consul should hold for it. */
  private record Registered(ServiceSpec service, Registration registration) {}

  /** All launches come first: a check may run in the task of another service. */
  List<Workload> all() {
    List<Registered> registered = new ArrayList<>();
    for (ServiceSpec written : instance.group().services()) {
      ServiceSpec service = registrations.fitted(written);
      entries.add(instance, service, AgentField.ENTRY_META.isKnownTo(situation.agentVersion()));
      registrations
          .of(service)
          .ifPresent(registration -> registered.add(new Registered(service, registration)));
    }
    if (registered.isEmpty()) {
      return List.of();
    }
    registered.forEach(each -> launches.of(each.service(), each.registration()));
    GroupEnvironment environment = variables.environment();
    return registered.stream()
        .map(each -> workload(each.service(), each.registration(), environment))
        .toList();
  }

  private Workload workload(
      ServiceSpec service, Registration registration, GroupEnvironment environment) {
    warnOfDrawnPort(service, environment);
    return new Workload(
        registration,
        Admission.proxyTask(instance.group(), service),
        launches.of(service, registration),
        scripts(service, registration),
        Optional.of(environment),
        instance.group().shutdownDelay());
  }

  private List<ScriptCheck> scripts(ServiceSpec service, Registration registration) {
    List<String> ids = CheckProbes.ids(registration.id(), service, filling);
    List<ScriptCheck> scripts = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Check check = service.checks().get(i);
      if (check.type().equals("script")) {
        script(ids.get(i), check, service).ifPresent(scripts::add);
      }
    }
    return scripts;
  }

  /** The group's other tasks are never run, so nobody runs a check in them. */
  private Optional<ScriptCheck> script(String id, Check check, ServiceSpec service) {
    String task = check.script().task().isEmpty() ? service.task() : check.script().task();
    Optional<Launch> launch = launches.ofTask(task);
    if (launch.isEmpty() && situation.choices().runs()) {
      warnings.add(
          check
              .origin()
              .problem(
                  "task",
                  "task \"%s\" is not run here: unless whoever runs it reports the check, it turns critical"
                      .formatted(task)));
    }
    return launch.map(
        in ->
            new ScriptCheck(
                id,
                in.id(),
                variables.words(in, check.script()),
                check.interval(),
                check.timeout()));
  }

  /** What the bridge drew, nobody else has heard of. */
  private void warnOfDrawnPort(ServiceSpec service, GroupEnvironment environment) {
    String label = filling.quietly(service.portLabel());
    if (!situation.choices().runs() || !isDrawn(label)) {
      return;
    }
    warnings.add(
        service
            .origin()
            .problem(
                "port",
                "\"%s\" was given port %d, which the application must learn from groups/%s in the data directory"
                    .formatted(
                        label, instance.port(label).orElseThrow().value(), environment.file())));
  }

  private boolean isDrawn(String label) {
    return instance.job().allocation().isEmpty()
        && instance.port(label).isPresent()
        && instance.group().networks().stream()
            .flatMap(network -> network.ports().stream())
            .filter(port -> port.label().equals(label))
            .map(Port::fixed)
            .allMatch(fixed -> fixed.isEmpty());
  }
}
