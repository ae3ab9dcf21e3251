package dev.connectbridge;

import dev.connectbridge.spec.ConnectSpec;
import dev.connectbridge.spec.ConnectSpec.SidecarTask;
import dev.connectbridge.spec.TaskSpec.Logs;
import dev.connectbridge.spec.TaskSpec.Resources;
import dev.connectbridge.spec.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Says what there is to say about the proxy before a {@link ResolvedService}. For one thread at a
 * time; nulls, and ports and times that cannot be, are {@link IllegalArgumentException}s.
 */
public final class ResolvedSidecar {
  private final int port;
  private final List<String> tags = new ArrayList<>();
  private final Map<String, String> meta = new LinkedHashMap<>();
  private final Map<String, Value> config = new LinkedHashMap<>();
  private final List<ResolvedUpstream> upstreams = new ArrayList<>();
  private boolean withoutListeningCheck;
  private String localAddress = "";
  private OptionalInt localPort = OptionalInt.empty();
  private Optional<Duration> killTimeout = Optional.empty();
  private Optional<Duration> shutdownDelay = Optional.empty();

  ResolvedSidecar(int port) {
    this.port = port;
  }

  int port() {
    return port;
  }

  /** Adds tags of its own, in this order; without any it has the service's. */
  public ResolvedSidecar tags(String... more) {
    for (String tag : more) {
      tags.add(Given.notNull("tag", tag));
    }
    return this;
  }

  /** Adds a pair to a meta of its own; without any it has the service's. */
  public ResolvedSidecar meta(String key, String value) {
    meta.put(Given.text("meta key", key), Given.notNull("meta value", value));
    return this;
  }

  /** Leaves out the check that connects to the proxy's port every 10 seconds. */
  public ResolvedSidecar withoutListeningCheck() {
    this.withoutListeningCheck = true;
    return this;
  }

  /**
   * Says where the application listens, as the proxy sees it. Unless said, that is 127.0.0.1 and
   * the port inside the group that the service's port is mapped to.
   */
  public ResolvedSidecar localService(String address, int localServicePort) {
    this.localAddress = Given.text("local service address", address);
    this.localPort = OptionalInt.of(Given.port("local service port", localServicePort));
    return this;
  }

  /** Tells the proxy something that the bridge does not look at. */
  public ResolvedSidecar config(String key, Value value) {
    config.put(Given.text("config key", key), Given.notNull("config value", value));
    return this;
  }

  /** Adds a service that the application reaches at 127.0.0.1 and this port. */
  public ResolvedSidecar upstream(String destination, int localBindPort) {
    return upstream(destination, localBindPort, more -> {});
  }

  /** Adds a service that the application reaches at a port, and says more about it. */
  public ResolvedSidecar upstream(
      String destination, int localBindPort, Consumer<ResolvedUpstream> more) {
    return add(
        ResolvedUpstream.atPort(
            Given.text("destination", destination), Given.port("local bind port", localBindPort)),
        more);
  }

  /** Adds a service that the application reaches at a unix socket, and says more about it. */
  public ResolvedSidecar upstreamAtSocket(
      String destination, String localBindSocketPath, Consumer<ResolvedUpstream> more) {
    return add(
        ResolvedUpstream.atSocket(
            Given.text("destination", destination), Given.text("socket", localBindSocketPath)),
        more);
  }

  private ResolvedSidecar add(ResolvedUpstream upstream, Consumer<ResolvedUpstream> more) {
    more.accept(upstream);
    upstreams.add(upstream);
    return this;
  }

  /** Says how long the proxy may take to end after its signal; 5 seconds unless said. */
  public ResolvedSidecar killTimeout(Duration timeout) {
    this.killTimeout = Optional.of(Given.notNegative("kill timeout", timeout));
    return this;
  }

  /**
   * Says the time between deregistering and signalling the proxy, in addition to the group's own; 5
   * seconds unless said.
   */
  public ResolvedSidecar shutdownDelay(Duration delay) {
    this.shutdownDelay = Optional.of(Given.notNegative("shutdown delay", delay));
    return this;
  }

  ConnectSpec spec(String path) {
    String inside = path + ".sidecar_service";
    List<ConnectSpec.Upstream> built = new ArrayList<>();
    for (ResolvedUpstream upstream : upstreams) {
      built.add(upstream.spec(inside + ".proxy.upstreams[%d]".formatted(built.size())));
    }
    ConnectSpec.Proxy proxy =
        new ConnectSpec.Proxy(
            localAddress, localPort, config, built, ResolvedGroup.at(inside + ".proxy"));
    ConnectSpec.Sidecar sidecar =
        new ConnectSpec.Sidecar(
            tags, "", meta, withoutListeningCheck, proxy, ResolvedGroup.at(inside));
    return new ConnectSpec(Optional.of(sidecar), task(path), ResolvedGroup.at(path));
  }

  private Optional<SidecarTask> task(String path) {
    if (killTimeout.isEmpty() && shutdownDelay.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SidecarTask(
            "",
            "",
            "",
            Map.of(),
            Map.of(),
            Resources.UNSAID,
            Map.of(),
            Logs.UNSAID,
            killTimeout,
            shutdownDelay,
            "",
            ResolvedGroup.at(path + ".sidecar_task")));
  }
}
