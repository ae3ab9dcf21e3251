package dev.connectbridge.consul;

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
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Registrations to send. */
final class Samples {
  private static final Marks MARKS =
      new Marks("default", "countdash.api[0]", "countdash.nomad.hcl", "a1b2", "http:20000");
  private static final SortedMap<String, Value> NO_CONFIG = new TreeMap<>();

  private Samples() {}

  /** A service that has nothing but a port. */
  static Registration plain(String service) {
    return new Registration(
        ServiceId.of("alloc", "api", service, ""),
        service,
        List.of(),
        false,
        "",
        9001,
        new TreeMap<>(),
        Weights.CONSULS,
        new TreeMap<>(),
        MARKS,
        List.of(),
        Role.TYPICAL,
        Optional.empty());
  }

  /** A service with a sidecar as the resolver makes it. */
  static Registration connected(String service) {
    Registration plain = plain(service);
    ServiceId id = plain.id();
    List<Check> checks =
        List.of(
            new Check(id.check("alias"), "alias", Optional.of(Probe.alias(id))),
            new Check(
                id.check("listening"),
                "listening",
                Optional.of(Probe.tcp("127.0.0.1:20001", Duration.ofSeconds(10)))));
    Proxy proxy =
        new Proxy(
            "127.0.0.1",
            9001,
            new TreeMap<>(
                Map.of("bind_address", text("0.0.0.0"), "bind_port", Value.Num.of(20001))),
            "",
            List.of(),
            List.of());
    Sidecar sidecar =
        new Sidecar(List.of(), "127.0.0.1", 20001, new TreeMap<>(), MARKS, proxy, checks);
    return with(plain, sidecar);
  }

  /** A service in which every field that Consul 1.8.7 knows is set. */
  static Registration rich() {
    ServiceId id = ServiceId.of("alloc", "api", "rich", "http");
    SortedMap<String, String> meta = new TreeMap<>(Map.of("team", "blue", "empty", ""));
    Sidecar sidecar =
        new Sidecar(
            List.of("z", "a"),
            "127.0.0.3",
            20002,
            new TreeMap<>(Map.of("own", "ü")),
            MARKS,
            new Proxy(
                "127.0.0.2",
                9002,
                everyType(),
                "",
                List.of(new ExposedPath("/health", "http", 9001, 20003)),
                upstreams()),
            List.of(
                new Check(id.check("alias"), "Alias of rich", Optional.of(Probe.alias(id))),
                new Check(
                    id.check("listening"),
                    "Listening",
                    Optional.of(Probe.tcp("127.0.0.3:20002", Duration.ofSeconds(10))))));
    return new Registration(
        id,
        "rich",
        List.of("v2", "v1", "v2"),
        true,
        "127.0.0.2",
        9001,
        new TreeMap<>(Map.of("far", new TaggedAddress("192.0.2.7", 9007))),
        new Weights(3, 2),
        meta,
        MARKS,
        everyCheck(id),
        Role.TYPICAL,
        Optional.of(sidecar));
  }

  static Registration with(Registration parent, Sidecar sidecar) {
    return new Registration(
        parent.id(),
        parent.name(),
        parent.tags(),
        parent.enableTagOverride(),
        parent.address(),
        parent.port(),
        parent.taggedAddresses(),
        parent.weights(),
        parent.meta(),
        parent.marks(),
        parent.checks(),
        parent.role(),
        Optional.of(sidecar));
  }

  static Registration withChecks(Registration parent, List<Check> checks) {
    return new Registration(
        parent.id(),
        parent.name(),
        parent.tags(),
        parent.enableTagOverride(),
        parent.address(),
        parent.port(),
        parent.taggedAddresses(),
        parent.weights(),
        parent.meta(),
        parent.marks(),
        checks,
        parent.role(),
        parent.sidecar());
  }

  static List<Check> everyCheck(ServiceId id) {
    Probe http =
        new Probe(
            Probe.Kind.HTTP,
            "http://127.0.0.2:9001/health?a=b c",
            Duration.ofSeconds(61),
            Duration.ofMillis(1500),
            "passing",
            "POST",
            new TreeMap<>(Map.of("X-A", List.of("1", "2"), "Authorization", List.of("Basic Zm9v"))),
            "{\"a\":1}",
            true,
            "",
            false,
            2,
            3,
            0);
    Probe grpc =
        new Probe(
            Probe.Kind.GRPC,
            "127.0.0.2:9001/a.B",
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            "",
            "",
            new TreeMap<>(),
            "",
            true,
            "",
            true,
            0,
            0,
            0);
    return List.of(
        new Check(id.check("1"), "by http", Optional.of(http)),
        new Check(
            id.check("2"),
            "by tcp",
            Optional.of(Probe.tcp("127.0.0.2:9001", Duration.ofMinutes(90)))),
        new Check(id.check("3"), "by grpc", Optional.of(grpc)));
  }

  private static List<Upstream> upstreams() {
    return List.of(
        new Upstream("zeta", "", "", "", "service", "", "127.0.0.1", 8082, "", "", "", NO_CONFIG),
        new Upstream(
            "alpha",
            "default",
            "",
            "",
            "service",
            "dc1",
            "127.0.0.9",
            8081,
            "",
            "",
            "local",
            everyType()),
        new Upstream(
            "query",
            "",
            "",
            "",
            "prepared_query",
            "",
            "127.0.0.1",
            8080,
            "",
            "",
            "none",
            NO_CONFIG));
  }

  static SortedMap<String, Value> everyType() {
    SortedMap<String, Value> config = new TreeMap<>();
    config.put("bind_port", Value.Num.of(20002));
    config.put("negative", Value.Num.of(-1));
    config.put("fraction", new Value.Num(new BigDecimal("0.1")));
    config.put("beyond_double", new Value.Num(new BigDecimal("12345678901234567890")));
    config.put("huge", new Value.Num(new BigDecimal("1e300")));
    config.put("text", text("a \"b\"\n<ü>\u2028"));
    config.put("no_text", text(""));
    config.put("flag", new Value.Bool(false));
    config.put("nothing", new Value.Nothing());
    config.put(
        "items",
        new Value.Items(
            List.of(
                Value.Num.of(1),
                text("two"),
                new Value.Items(List.of(new Value.Nothing())),
                new Value.Entries(Map.of("snake_case", new Value.Bool(true))))));
    config.put(
        "entries", new Value.Entries(Map.of("b", Value.Num.of(2), "a", new Value.Nothing())));
    config.put("no_entries", new Value.Entries(Map.of()));
    return config;
  }

  private static Value text(String text) {
    return new Value.Text(text);
  }
}
