package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.ExposedPath;
import dev.connectbridge.resolve.Registration.Probe;
import dev.connectbridge.resolve.Registration.Proxy;
import dev.connectbridge.resolve.Registration.Role;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Registration.TaggedAddress;
import dev.connectbridge.resolve.Registration.Upstream;
import dev.connectbridge.resolve.Registration.Weights;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.spec.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AgentJsonPropertyTest {

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whatTheAgentEchoesIsWhatWasWanted(@ForAll("registrations") Registration wanted) {
    ConsulEcho echo = ConsulEcho.of(RegistrationBody.of(wanted));

    assertThat(AgentListing.observed(echo.services(), echo.checks()))
        .isEqualTo(new Observed(List.of(wanted.asHeld()), List.of(), List.of()));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void twoRegistrationsDoNotMix(
      @ForAll("registrations") Registration one, @ForAll("registrations") Registration other) {
    if (one.id().equals(other.id())) {
      return;
    }
    ConsulEcho echo = ConsulEcho.of(RegistrationBody.of(one));
    echo.register(RegistrationBody.of(other));

    assertThat(AgentListing.observed(echo.services(), echo.checks()).registrations())
        .containsExactlyInAnyOrder(one.asHeld(), other.asHeld());
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void noBodyAliasesANodeWhichWouldEndTheAgent(@ForAll("registrations") Registration wanted) {
    assertThat(RegistrationBody.of(wanted).findValues("AliasNode")).isEmpty();
    assertThat(RegistrationBody.of(wanted).findValues("alias_node")).isEmpty();
  }

  @Provide
  Arbitrary<Registration> registrations() {
    return Combinators.combine(
            names().map(name -> ServiceId.of("alloc", "group", name, "")),
            names(),
            texts().list().ofMaxSize(3),
            Arbitraries.of(true, false),
            addresses(),
            ports(),
            metas(),
            marks())
        .flatAs(
            (id, name, tags, override, address, port, meta, marks) ->
                Combinators.combine(checks(id), sidecars(id, tags, address, port, marks).optional())
                    .as(
                        (checks, sidecar) ->
                            new Registration(
                                id,
                                name,
                                tags,
                                override,
                                address,
                                port,
                                new TreeMap<>(Map.of("far", new TaggedAddress("a", port + 1))),
                                new Weights(1, port % 3),
                                meta,
                                marks,
                                checks,
                                Role.TYPICAL,
                                sidecar)));
  }

  /** As the resolver writes them: what Consul would inherit is there already. */
  private static Arbitrary<Sidecar> sidecars(
      ServiceId id, List<String> tags, String address, int port, Marks marks) {
    Arbitrary<Proxy> proxies =
        Combinators.combine(
                Arbitraries.of("127.0.0.1", "10.0.0.1"),
                ports().map(own -> own == 0 ? port : own),
                configs(),
                Arbitraries.of("", "transparent"),
                Arbitraries.of(new ExposedPath("/a", "", 1, 2), new ExposedPath("/b", "http", 3, 4))
                    .list()
                    .ofMaxSize(2),
                upstreams().list().ofMaxSize(3))
            .as(Proxy::new);
    Arbitrary<List<Check>> checks =
        Arbitraries.just(
            List.of(new Check(id.check("alias"), "alias", Optional.of(Probe.alias(id)))));
    return Combinators.combine(
            texts().list().ofMaxSize(2).map(own -> own.isEmpty() ? tags : own),
            addresses().map(own -> own.isEmpty() ? address : own),
            Arbitraries.integers().between(1, 65535),
            metas(),
            proxies,
            checks)
        .as((own, at, on, meta, proxy, all) -> new Sidecar(own, at, on, meta, marks, proxy, all));
  }

  private static Arbitrary<List<Check>> checks(ServiceId id) {
    return Combinators.combine(names(), names(), texts().filter(text -> !text.isEmpty()))
        .as(
            (check, name, target) ->
                new Check(
                    id.check(check),
                    name,
                    Optional.of(Probe.tcp(target, Duration.ofMillis(name.length() * 700L)))))
        .list()
        .uniqueElements(Check::id)
        .ofMaxSize(3);
  }

  private static Arbitrary<Upstream> upstreams() {
    Arbitrary<String> modes = Arbitraries.of("", "local", "remote", "none");
    return Combinators.combine(
            names(),
            texts(),
            Arbitraries.of("service", "prepared_query"),
            texts(),
            Arbitraries.of("127.0.0.1", "0.0.0.0", "::1"),
            ports(),
            modes,
            configs())
        .as(
            (name, namespace, type, datacenter, address, port, mode, config) ->
                new Upstream(
                    name,
                    namespace,
                    "",
                    "",
                    type,
                    datacenter,
                    address,
                    port,
                    "",
                    "",
                    mode,
                    config));
  }

  private static Arbitrary<Marks> marks() {
    return Combinators.combine(names(), names(), names(), names(), texts()).as(Marks::new);
  }

  private static Arbitrary<SortedMap<String, String>> metas() {
    return Arbitraries.maps(names(), texts()).ofMaxSize(3).map(TreeMap::new);
  }

  private static Arbitrary<SortedMap<String, Value>> configs() {
    return Arbitraries.maps(texts(), values()).ofMaxSize(3).map(TreeMap::new);
  }

  private static Arbitrary<Value> values() {
    Arbitrary<Value> leaves =
        Arbitraries.oneOf(
            texts().map(Value.Text::new),
            Arbitraries.bigDecimals().ofScale(5).map(Value.Num::new),
            Arbitraries.longs().map(Value.Num::of),
            Arbitraries.of(true, false).map(Value.Bool::new),
            Arbitraries.just(new Value.Nothing()));
    return Arbitraries.recursive(
        () -> leaves,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMaxSize(2).map(Value.Items::new),
                Arbitraries.maps(texts(), inner).ofMaxSize(2).map(Value.Entries::new)),
        0,
        2);
  }

  private static Arbitrary<String> addresses() {
    return Arbitraries.of("", "10.0.0.1", "host.example", "::1");
  }

  private static Arbitrary<Integer> ports() {
    return Arbitraries.integers().between(0, 65535);
  }

  private static Arbitrary<String> names() {
    return Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(8);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("aZ0 .,\"\\/<>{}\u00fc\u20ac\n\u0000").ofMaxLength(8);
  }
}
