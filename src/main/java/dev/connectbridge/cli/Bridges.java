package dev.connectbridge.cli;

import dev.connectbridge.Bridge;
import dev.connectbridge.BridgeBuilder;
import dev.connectbridge.config.Configuration;
import dev.connectbridge.source.Source;
import java.io.UncheckedIOException;
import java.util.List;

/** Makes a bridge of a configuration. */
final class Bridges {
  private Bridges() {}

  /** Returns a bridge that has asked nobody anything yet. */
  static BridgeBuilder of(Configuration configuration, Source source) {
    configuration
        .token()
        .problem()
        .ifPresent(
            problem -> {
              throw new Refusal("there is no token to ask the agent with", List.of(problem));
            });
    BridgeBuilder builder =
        Bridge.builder()
            .consul(configuration.agent())
            .token(configuration.token())
            .tls(configuration.access().tls())
            .serviceTokens(configuration.access().serviceTokens())
            .owner(configuration.owner())
            .source(source)
            .node(configuration.node())
            .ports(configuration.minPort(), configuration.maxPort())
            .choices(configuration.choices())
            .drift(configuration.drift())
            .keepLastInstance(configuration.keepLastInstance())
            .sessionLock(configuration.access().sessionLock())
            .resync(configuration.resync())
            .leaveOnExit(configuration.leaveOnExit());
    configuration.runDirectory().ifPresent(builder::runDirectory);
    return builder;
  }

  static Bridge build(BridgeBuilder builder) {
    try {
      return builder.build();
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new Refusal(e.getMessage());
    }
  }
}
