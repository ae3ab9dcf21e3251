package dev.connectbridge;

import dev.connectbridge.spec.ConnectSpec;
import dev.connectbridge.spec.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Says what there is to say about a service of a {@link ResolvedGroup}. For one thread at a time;
 * nulls, and ports and times that cannot be, are {@link IllegalArgumentException}s.
 */
public final class ResolvedService {
  private final String name;
  private final String port;
  private final List<String> tags = new ArrayList<>();
  private final Map<String, String> meta = new LinkedHashMap<>();
  private final List<ResolvedCheck> checks = new ArrayList<>();
  private String addressMode = "auto";
  private boolean enableTagOverride;
  private Optional<ResolvedSidecar> sidecar = Optional.empty();

  ResolvedService(String name, String port) {
    this.name = name;
    this.port = port;
  }

  /** Adds tags, in this order. */
  public ResolvedService tags(String... more) {
    for (String tag : more) {
      tags.add(Given.notNull("tag", tag));
    }
    return this;
  }

  /** Adds a pair to the service's meta. */
  public ResolvedService meta(String key, String value) {
    meta.put(Given.text("meta key", key), Given.notNull("meta value", value));
    return this;
  }

  /**
   * Says whose address the service is registered with: {@code host}, {@code alloc} for the group's
   * own, or {@code auto}, which is {@code host} here and holds unless said.
   */
  public ResolvedService addressMode(String mode) {
    this.addressMode = Given.oneOf("address mode", mode, "auto", "host", "alloc");
    return this;
  }

  /** Lets the tags that others write into the catalog win over these. */
  public ResolvedService enableTagOverride() {
    this.enableTagOverride = true;
    return this;
  }

  /** Adds a check that asks for a path over HTTP; interval and timeout are at least 1 second. */
  public ResolvedService httpCheck(String path, Duration interval, Duration timeout) {
    return httpCheck(path, interval, timeout, check -> {});
  }

  /** Adds a check that asks for a path over HTTP, and says more about it. */
  public ResolvedService httpCheck(
      String path, Duration interval, Duration timeout, Consumer<ResolvedCheck> more) {
    return check("http", Given.notNull("path", path), interval, timeout, more);
  }

  /**
   * Adds a check by the gRPC health protocol.
   *
   * @param grpcService the gRPC service asked about; empty asks about the whole server
   */
  public ResolvedService grpcCheck(
      String grpcService, Duration interval, Duration timeout, Consumer<ResolvedCheck> more) {
    return check("grpc", Given.notNull("gRPC service", grpcService), interval, timeout, more);
  }

  /** Adds a check that connects; a service with a sidecar may have none, the proxy would answer. */
  public ResolvedService tcpCheck(
      Duration interval, Duration timeout, Consumer<ResolvedCheck> more) {
    return check("tcp", "", interval, timeout, more);
  }

  private ResolvedService check(
      String type,
      String subject,
      Duration interval,
      Duration timeout,
      Consumer<ResolvedCheck> more) {
    ResolvedCheck check =
        new ResolvedCheck(
            type,
            subject,
            Given.notNegative("interval", interval),
            Given.notNegative("timeout", timeout));
    more.accept(check);
    checks.add(check);
    return this;
  }

  /** Puts a proxy before the service that listens on this port of the host. */
  public ResolvedService sidecar(int hostPort) {
    return sidecar(hostPort, proxy -> {});
  }

  /**
   * Puts a proxy before the service, and says more about it.
   *
   * @param hostPort the port of the host that the proxy listens on, and inside the group as well
   * @throws IllegalArgumentException when the service has a sidecar already
   */
  public ResolvedService sidecar(int hostPort, Consumer<ResolvedSidecar> more) {
    if (sidecar.isPresent()) {
      throw new IllegalArgumentException(
          "the service \"%s\" has a sidecar already".formatted(name));
    }
    ResolvedSidecar proxy = new ResolvedSidecar(Given.port("sidecar port", hostPort));
    more.accept(proxy);
    sidecar = Optional.of(proxy);
    return this;
  }

  OptionalInt sidecarPort() {
    return sidecar.map(proxy -> OptionalInt.of(proxy.port())).orElse(OptionalInt.empty());
  }

  ServiceSpec spec(String path) {
    List<ServiceSpec.Check> built = new ArrayList<>();
    for (ResolvedCheck check : checks) {
      built.add(check.spec(path + ".check[%d]".formatted(built.size())));
    }
    Optional<ConnectSpec> connect = sidecar.map(proxy -> proxy.spec(path + ".connect"));
    return new ServiceSpec(
        name,
        tags,
        port,
        addressMode,
        enableTagOverride,
        meta,
        "",
        "require_healthy",
        built,
        connect,
        ResolvedGroup.at(path));
  }
}
