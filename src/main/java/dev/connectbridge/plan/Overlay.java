package dev.connectbridge.plan;

import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Proxy;
import dev.connectbridge.resolve.Registration.Role;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Registration.Upstream;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a cluster lays over proxies. The agent shows the settings of {@code proxy-defaults} and
 * {@code service-defaults} among a proxy's own (with {@code enable_central_service_config}, which
 * holds unless said from Consul 1.9 on), only where that says nothing itself: also inside of a
 * setting, and in the place of false, 0 and what is empty, which is nothing to Consul. To write it
 * again would change nothing, again and again. What somebody else adds there cannot be told from
 * it.
 */
final class Overlay {
  private Overlay() {}

  /**
   * Returns what is held without what may be laid over it, if it was written by the same spec;
   * after any other spec it may be left over, and is shown.
   */
  static Registration off(Registration held, Registration wanted) {
    if (!held.marks().hash().equals(wanted.marks().hash())) {
      return held;
    }
    Registration want = wanted.asHeld();
    Role role = held.role();
    return held.with(
        new Role(role.kind(), role.isNative(), own(role.config(), want.role().config())),
        want.sidecar().isEmpty()
            ? held.sidecar()
            : held.sidecar().map(sidecar -> off(sidecar, want.sidecar().get())));
  }

  private static Sidecar off(Sidecar held, Sidecar want) {
    return new Sidecar(
        held.tags(),
        held.address(),
        held.port(),
        held.meta(),
        held.marks(),
        off(held.proxy(), want.proxy()),
        held.checks());
  }

  private static Proxy off(Proxy held, Proxy want) {
    List<Upstream> upstreams = new ArrayList<>(held.upstreams());
    for (int i = 0; i < upstreams.size() && i < want.upstreams().size(); i++) {
      upstreams.set(i, off(upstreams.get(i), want.upstreams().get(i)));
    }
    return new Proxy(
        held.localServiceAddress(),
        held.localServicePort(),
        own(held.config(), want.config()),
        want.mode().isEmpty() ? "" : held.mode(),
        want.expose().isEmpty() ? List.of() : held.expose(),
        upstreams);
  }

  private static Upstream off(Upstream held, Upstream want) {
    return new Upstream(
        held.destinationName(),
        held.destinationNamespace(),
        held.destinationPartition(),
        held.destinationPeer(),
        held.destinationType(),
        held.datacenter(),
        held.localBindAddress(),
        held.localBindPort(),
        held.localBindSocketPath(),
        held.localBindSocketMode(),
        want.meshGatewayMode().isEmpty() ? "" : held.meshGatewayMode(),
        own(held.config(), want.config()));
  }

  private static SortedMap<String, Value> own(
      SortedMap<String, Value> held, SortedMap<String, Value> want) {
    SortedMap<String, Value> own = new TreeMap<>(held);
    own.keySet().retainAll(want.keySet());
    own.replaceAll((key, value) -> own(value, want.get(key)));
    return own;
  }

  private static Value own(Value held, Value want) {
    if (saysNothing(want)) {
      return want;
    }
    return held instanceof Value.Entries laid && want instanceof Value.Entries said
        ? new Value.Entries(own(new TreeMap<>(laid.entries()), new TreeMap<>(said.entries())))
        : held;
  }

  private static boolean saysNothing(Value value) {
    if (value instanceof Value.Bool bool) {
      return !bool.flag();
    }
    if (value instanceof Value.Num num) {
      return num.number().signum() == 0;
    }
    if (value instanceof Value.Text text) {
      return text.text().isEmpty();
    }
    return value instanceof Value.Items items
        ? items.items().isEmpty()
        : value instanceof Value.Entries entries && entries.entries().isEmpty();
  }
}
