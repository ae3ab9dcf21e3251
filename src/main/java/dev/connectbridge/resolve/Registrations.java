package dev.connectbridge.resolve;

import dev.connectbridge.admit.Admission;
import dev.connectbridge.admit.TaggedAddress;
import dev.connectbridge.resolve.Addresses.Reached;
import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Registration.Weights;
import dev.connectbridge.resolve.Sidecars.Parent;
import dev.connectbridge.resolve.Situation.Surroundings;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The registrations of one instance. */
final class Registrations {
  private final Instance instance;
  private final Situation situation;
  private final BiConsumer<String, Problem> blame;
  private final List<Problem> warnings;
  private final Filling filling;
  private final ConfigEntries entries;

  Registrations(
      Instance instance,
      Situation situation,
      BiConsumer<String, Problem> blame,
      List<Problem> warnings,
      ConfigEntries entries) {
    this.instance = instance;
    this.situation = situation;
    this.blame = blame;
    this.warnings = warnings;
    this.filling = new Filling(instance.values(situation.node()), warnings);
    this.entries = entries;
  }

  List<Workload> workloads() {
    List<Workload> workloads = new ArrayList<>();
    for (ServiceSpec written : instance.group().services()) {
      ServiceSpec service = fitted(written);
      entries.add(instance, service, AgentField.ENTRY_META.isKnownTo(situation.agentVersion()));
      registration(service)
          .ifPresent(
              registration ->
                  workloads.add(
                      new Workload(
                          registration,
                          Admission.proxyTask(instance.group(), service),
                          instance.group().shutdownDelay())));
    }
    return workloads;
  }

  /** Without an agent nothing is left out: who knows which it will be. */
  private ServiceSpec fitted(ServiceSpec service) {
    return situation
        .agent()
        .flatMap(Surroundings::version)
        .map(version -> new AgentFields(version, this::blame, warnings).fitted(service))
        .orElse(service);
  }

  private Optional<Registration> registration(ServiceSpec service) {
    Origin at = service.origin();
    String label = filling.text(at, "port", service.portLabel());
    Optional<Reached> reached = reached(service, label);
    if (reached.isEmpty() || service.name().contains("${")) {
      return Optional.empty();
    }
    ServiceId id = ServiceId.of(instance.id(), instance.group().name(), service.name(), label);
    Parent parent = new Parent(id, service, label, reached.get(), tags(service), meta(service));
    Optional<Sidecar> sidecar = Optional.empty();
    if (service.sidecar().isPresent()) {
      sidecar =
          new Sidecars(instance, situation.choices(), filling, this::blame, warnings).of(parent);
      if (sidecar.isEmpty()) {
        return Optional.empty();
      }
    }
    return Optional.of(checked(registration(parent, sidecar), service));
  }

  private Registration registration(Parent parent, Optional<Sidecar> sidecar) {
    ServiceSpec service = parent.spec();
    List<Check> checks =
        new CheckProbes(instance, filling, this::unreached)
            .of(parent.id(), service, parent.label());
    Registration registration =
        new Registration(
            parent.id(),
            service.name(),
            parent.tags(),
            service.enableTagOverride(),
            parent.reached().address(),
            parent.reached().port(),
            taggedAddresses(service, parent.reached().port()),
            service
                .weights()
                .map(weights -> new Weights(weights.passing(), weights.warning()))
                .orElse(Weights.CONSULS),
            parent.meta(),
            marks(service, parent.label()),
            checks,
            new Roles(instance, filling, this::blame).of(service, parent.label()),
            sidecar);
    return registration.withMarks(registration.marks().withHash(Fields.hash(registration)));
  }

  private Registration checked(Registration registration, ServiceSpec service) {
    Payload payload = new Payload(registration, service);
    payload.problems().forEach(this::blame);
    payload.stalls().forEach(situation.agent().isPresent() ? this::blame : warnings::add);
    return registration;
  }

  private boolean isCanary() {
    return instance.job().allocation().filter(JobSpec.Allocation::canary).isPresent();
  }

  private List<String> tags(ServiceSpec service) {
    boolean canary = isCanary() && !service.canary().tags().isEmpty();
    return canary
        ? filling.texts(service.origin(), "canary_tags", service.canary().tags())
        : filling.texts(service.origin(), "tags", service.tags());
  }

  private SortedMap<String, String> meta(ServiceSpec service) {
    boolean canary = isCanary() && !service.canary().meta().isEmpty();
    SortedMap<String, String> meta =
        canary
            ? filling.map(service.origin(), "canary_meta", service.canary().meta())
            : filling.map(service.origin(), "meta", service.meta());
    if (meta.remove(Marks.EXTERNAL_SOURCE) != null) {
      warnings.add(
          service
              .origin()
              .problem(
                  canary ? "canary_meta" : "meta",
                  "\"external-source\" is always \"%s\", as Nomad's is its own"
                      .formatted(Marks.CONNECT_BRIDGE)));
    }
    return meta;
  }

  private SortedMap<String, Registration.TaggedAddress> taggedAddresses(
      ServiceSpec service, int port) {
    SortedMap<String, Registration.TaggedAddress> addresses = new TreeMap<>();
    filling
        .map(service.origin(), "tagged_addresses", service.taggedAddresses())
        .forEach(
            (name, text) ->
                TaggedAddress.of(text)
                    .ifPresentOrElse(
                        tagged ->
                            addresses.put(
                                name,
                                new Registration.TaggedAddress(
                                    tagged.address(), tagged.port() == 0 ? port : tagged.port())),
                        () ->
                            blame(
                                service
                                    .origin()
                                    .problem(
                                        "tagged_addresses",
                                        "\"%s\" is no address: \"%s\"".formatted(name, text)))));
    return addresses;
  }

  private Marks marks(ServiceSpec service, String label) {
    SortedSet<String> used = new TreeSet<>();
    used.add(label);
    service.checks().forEach(check -> used.add(filling.quietly(check.portLabel())));
    service
        .sidecar()
        .ifPresent(
            sidecar -> {
              used.add(filling.quietly(Admission.sidecarPortLabel(service)));
              sidecar
                  .proxy()
                  .expose()
                  .forEach(path -> used.add(filling.quietly(path.listenerPort())));
            });
    return new Marks(
        situation.owner(), instance.name(), instance.source(), "", PortsMark.of(instance, used));
  }

  /** An address of its own takes the place of the host's (Nomad 1.3.0). */
  private Optional<Reached> reached(ServiceSpec service, String label) {
    String own = filling.text(service.origin(), "address", service.address());
    Optional<Reached> reached = Addresses.of(instance, service.addressMode(), label);
    if (reached.isEmpty()) {
      unreached(service.origin(), service.addressMode(), label);
    }
    return own.isEmpty() ? reached : reached.map(at -> new Reached(own, at.port()));
  }

  private void unreached(Origin origin, String mode, String label) {
    if (mode.startsWith("alloc") && !Addresses.isInside(instance, mode)) {
      String kind = mode.equals("alloc_ipv6") ? "an IPv6 address" : "an address";
      blame(
          origin.problem(
              "address_mode",
              "\"%s\" needs a group with %s of its own, this has none".formatted(mode, kind)));
    } else {
      blame(origin.problem("port", instance.unknownLabel(label)));
    }
  }

  private void blame(Problem problem) {
    blame.accept(instance.source(), problem);
  }
}
