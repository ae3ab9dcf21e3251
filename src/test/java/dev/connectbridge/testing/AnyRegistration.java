package dev.connectbridge.testing;

import dev.connectbridge.resolve.Fields;
import dev.connectbridge.resolve.Marks;
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

/** Registrations as the resolver makes them, few values of each kind, so that some are alike. */
public final class AnyRegistration {

  /** The files that they come from. */
  public static final List<String> SOURCES = List.of("a.nomad.hcl", "b.nomad.hcl", "c.nomad.hcl");

  private AnyRegistration() {}

  /** Returns one of the few IDs that there are. */
  public static ServiceId id(int number) {
    return ServiceId.of("alloc-" + number, "api", "web", "http");
  }

  /** Returns a registration in which every field says something. */
  public static Registration full() {
    ServiceId id = id(0);
    Marks marks = new Marks("default", "shop.api[0]", "a.nomad.hcl", "0", "http:20000");
    SortedMap<String, Value> config =
        new TreeMap<>(Map.of("protocol", new Value.Text("http"), "timeout", Value.Num.of(5)));
    Upstream upstream =
        new Upstream(
            "db",
            "ns",
            "part",
            "peer",
            "service",
            "dc2",
            "127.0.0.1",
            5432,
            "/run/db.sock",
            "600",
            "local",
            config);
    Proxy proxy =
        new Proxy(
            "127.0.0.1",
            8080,
            config,
            "transparent",
            List.of(new ExposedPath("/health", "http", 8080, 20002)),
            List.of(upstream));
    Sidecar sidecar =
        new Sidecar(
            List.of("blue"),
            "10.0.0.1",
            20001,
            new TreeMap<>(Map.of("tier", "edge")),
            marks,
            proxy,
            List.of(new Check(id.check("alias"), "alias", Optional.of(Probe.alias(id)))));
    return hashed(
        new Registration(
            id,
            "web",
            List.of("v1", "v2"),
            false,
            "10.0.0.1",
            8080,
            new TreeMap<>(Map.of("far", new TaggedAddress("192.0.2.7", 9007))),
            new Weights(3, 2),
            new TreeMap<>(Map.of("team", "red")),
            marks,
            List.of(new Check(id.check("http"), "is it well", Optional.of(http()))),
            new Role("mesh-gateway", true, config),
            Optional.of(sidecar)));
  }

  private static Probe http() {
    return new Probe(
        Probe.Kind.HTTP,
        "http://10.0.0.1:8080/health",
        Duration.ofSeconds(10),
        Duration.ofSeconds(2),
        "warning",
        "GET",
        new TreeMap<>(Map.of("Accept", List.of("text/plain"))),
        "ping",
        true,
        "web.example",
        false,
        2,
        3,
        1);
  }

  /** Returns the registrations that one owner may have under an ID. */
  public static Arbitrary<Registration> of(ServiceId id, String owner) {
    Arbitrary<Marks> marks =
        Arbitraries.of(SOURCES)
            .map(source -> new Marks(owner, "shop.api[0]", source, "", "http:20000"));
    Arbitrary<Integer> ports = Arbitraries.of(0, 8080, 9090);
    return Combinators.combine(
            tags(), Arbitraries.of(true, false), ports, metas(), marks, checks(id))
        .flatAs(
            (tags, override, port, meta, mark, checks) ->
                sidecars(id, mark)
                    .optional(0.6)
                    .map(
                        sidecar ->
                            hashed(
                                new Registration(
                                    id,
                                    "web",
                                    tags,
                                    override,
                                    "10.0.0.1",
                                    port,
                                    new TreeMap<>(),
                                    new Weights(1, 1 + meta.size()),
                                    meta,
                                    mark,
                                    checks,
                                    Role.TYPICAL,
                                    sidecar))));
  }

  /** As the resolver does it: a hash that stands for everything but the marks. */
  private static Registration hashed(Registration registration) {
    String hash = Integer.toHexString(Fields.of(registration).hashCode());
    return registration.withMarks(registration.marks().withHash(hash));
  }

  private static Arbitrary<Sidecar> sidecars(ServiceId id, Marks marks) {
    Check alias = new Check(id.check("alias"), "alias", Optional.of(Probe.alias(id)));
    Check tcp =
        new Check(
            id.check("listening"),
            "listening",
            Optional.of(Probe.tcp("10.0.0.1:20001", Duration.ofSeconds(10))));
    Arbitrary<List<Check>> checks = Arbitraries.of(List.of(alias), List.of(alias, tcp));
    return Combinators.combine(tags(), Arbitraries.of(20001, 20002), metas(), proxies(), checks)
        .as(
            (tags, port, meta, proxy, all) ->
                new Sidecar(tags, "10.0.0.1", port, meta, marks, proxy, all));
  }

  private static Arbitrary<Proxy> proxies() {
    Arbitrary<Upstream> upstreams =
        Combinators.combine(Arbitraries.of("db", "cache"), Arbitraries.of(5432, 6379), configs())
            .as(
                (name, port, config) ->
                    new Upstream(
                        name, "", "", "", "service", "", "127.0.0.1", port, "", "", "", config));
    return Combinators.combine(configs(), upstreams.list().ofMaxSize(2))
        .as((config, all) -> new Proxy("127.0.0.1", 8080, config, "", List.of(), all));
  }

  private static Arbitrary<List<Check>> checks(ServiceId id) {
    return Combinators.combine(Arbitraries.of("1", "2", "3"), Arbitraries.of("/a", "/b"))
        .as(
            (name, target) ->
                new Check(
                    id.check(name),
                    "check " + name,
                    Optional.of(Probe.tcp("10.0.0.1:8080" + target, Duration.ofSeconds(5)))))
        .list()
        .uniqueElements(Check::id)
        .ofMaxSize(3);
  }

  private static Arbitrary<List<String>> tags() {
    return Arbitraries.of("v1", "v2", "v3").list().ofMaxSize(2);
  }

  private static Arbitrary<SortedMap<String, String>> metas() {
    return Arbitraries.maps(Arbitraries.of("team", "tier"), Arbitraries.of("red", ""))
        .ofMaxSize(2)
        .map(TreeMap::new);
  }

  private static Arbitrary<SortedMap<String, Value>> configs() {
    Arbitrary<Value> values =
        Arbitraries.of(
            new Value.Text("5"),
            Value.Num.of(5),
            new Value.Num(new java.math.BigDecimal("12345678901234567890.5")),
            new Value.Bool(false),
            new Value.Nothing(),
            new Value.Items(List.of(new Value.Nothing(), Value.Num.of(1))));
    return Arbitraries.maps(Arbitraries.of("protocol", "timeout"), values)
        .ofMaxSize(2)
        .map(TreeMap::new);
  }
}
