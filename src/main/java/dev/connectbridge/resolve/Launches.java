package dev.connectbridge.resolve;

import dev.connectbridge.admit.Admission;
import dev.connectbridge.admit.ConnectKind;
import dev.connectbridge.admit.Interpolation;
import dev.connectbridge.launch.Bootstrap;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.launch.Launch.Admin;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The launches of one instance: what runs the proxies of its services. */
final class Launches {
  private static final int ENVOY_ADMIN = 19000;

  private final Instance instance;
  private final Situation situation;
  private final Variables variables;
  private final Map<String, Launch> byTask = new LinkedHashMap<>();

  Launches(Instance instance, Situation situation, Variables variables) {
    this.instance = instance;
    this.situation = situation;
    this.variables = variables;
  }

  /** Returns the launch of a service's proxy; services of one name share that of the first. */
  Optional<Launch> of(ServiceSpec service, Registration registration) {
    return Admission.proxyTask(instance.group(), service)
        .map(
            task ->
                byTask.computeIfAbsent(task.name(), any -> launch(service, registration, task)));
  }

  /** Returns the launch of the task of that name. */
  Optional<Launch> ofTask(String name) {
    return Optional.ofNullable(byTask.get(name));
  }

  private Launch launch(ServiceSpec service, Registration registration, TaskSpec merged) {
    ConnectKind kind = ConnectKind.of(service).orElseThrow();
    String proxy = kind.isGateway() ? registration.id().value() : registration.id().sidecar();
    ProxyChoice choice = new ProxyChoice(situation.choices(), instance.group(), merged, kind);
    TaskSpec chosen = choice.taskFor(registration.id());
    Interpolation known = variables.of(chosen);
    SortedMap<String, String> own = new TreeMap<>(chosen.env());
    own.replaceAll((name, value) -> known.apply(value));
    TaskSpec task = chosen.mapTexts(known.plus(own)::apply);
    SortedMap<String, String> env = variables.env(known);
    env.putAll(task.env());
    Admin admin = admin(service, registration, merged);
    return new Launch(
        instance.id(),
        registration.marks().group(),
        registration.id().value(),
        proxy,
        task,
        env,
        admin,
        choice.asksAgent(),
        bootstrap(task, proxy, kind, admin),
        ProxyChoice.isBuiltin(task) ? Listening.of(registration) : new TreeSet<>(),
        choice.problems(task));
  }

  /** A task that says nothing of the file does not need it, and its token is better not written. */
  private static Optional<Bootstrap> bootstrap(
      TaskSpec task, String proxy, ConnectKind kind, Admin admin) {
    List<String> texts = new ArrayList<>();
    task.mapTexts(
        text -> {
          texts.add(text);
          return text;
        });
    return texts.stream().anyMatch(text -> text.contains(Bootstrap.FILE))
        ? Optional.of(
            new Bootstrap(proxy, kind.consulKind().replace("-gateway", ""), admin.address()))
        : Optional.empty();
  }

  /**
   * A group with a network of its own has it as in Nomad. On the host it must be another one for
   * every proxy of the machine, before and after a restart: of the loopback's addresses, it is the
   * one that the number of the proxy's port makes.
   */
  private Admin admin(ServiceSpec service, Registration registration, TaskSpec task) {
    String variable = "NOMAD_ENVOY_ADMIN_ADDR_" + Variables.cleaned(service.name());
    int port = registration.sidecar().map(Registration.Sidecar::port).orElse(registration.port());
    if (instance.ownNetwork() || port == 0) {
      int index = instance.group().tasks().indexOf(task);
      return new Admin(variable, "127.0.0.2:" + (ENVOY_ADMIN + index));
    }
    return new Admin(variable, "127.1." + (port >> 8) + "." + (port & 255) + ":" + ENVOY_ADMIN);
  }
}
