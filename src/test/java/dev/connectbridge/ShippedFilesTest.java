package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The files that an operator starts from. */
class ShippedFilesTest {

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  @Test
  void theConfigurationSaysTheDefaults() throws IOException {
    JsonNode config = YAML.readTree(Path.of("config/connect-bridge.yaml").toFile());

    assertThat(config.at("/owner").asText()).isEqualTo("default");
    assertThat(config.at("/consul/address").asText()).isEqualTo("127.0.0.1:8500");
    assertThat(config.at("/ports/min").asInt()).isEqualTo(20_000);
    assertThat(config.at("/ports/max").asInt()).isEqualTo(32_000);
    assertThat(config.at("/resync").asText()).isEqualTo("30s");
    assertThat(config.at("/on_exit").asText()).isEqualTo("deregister");
    assertThat(config.at("/group_network").asText()).isEqualTo("host");
    assertThat(config.at("/nomad_compatible_defaults").asText()).isEqualTo("false");
    assertThat(config.at("/default_sidecar_task").asText()).isEqualTo("nomad");
    assertThat(config.at("/envoy_stats_tags").asText()).isEqualTo("false");
    assertThat(config.at("/tasks").asText()).isEqualTo("run");
    assertThat(config.at("/docker").asText()).isEqualTo("unix:///var/run/docker.sock");
    assertThat(config.at("/drain_floor").asText()).isEqualTo("2s");
    assertThat(config.at("/unproven").asText()).isEqualTo("signal");
    assertThat(config.at("/unproven_hold").asText()).isEqualTo("60s");
    assertThat(config.at("/before_deregister").asText()).isEqualTo("none");
  }

  @Test
  void theComposeFileMountsWhatIsThere() throws IOException {
    JsonNode services = YAML.readTree(Path.of("docker-compose.yml").toFile()).at("/services");

    List<String> mounted = new ArrayList<>();
    services.forEach(service -> service.path("volumes").forEach(v -> mounted.add(v.asText())));

    assertThat(mounted)
        .filteredOn(volume -> volume.startsWith("./") && !volume.startsWith("./target/"))
        .isNotEmpty()
        .allSatisfy(volume -> assertThat(Path.of(volume.split(":", -1)[0])).exists());
  }

  @Test
  void everythingThatComposeStartsSharesTheAgentsLoopback() throws IOException {
    JsonNode services = YAML.readTree(Path.of("docker-compose.yml").toFile()).at("/services");

    services
        .properties()
        .forEach(
            service -> {
              if (!service.getKey().equals("consul")) {
                assertThat(service.getValue().path("network_mode").asText())
                    .as(service.getKey())
                    .isEqualTo("service:consul");
              }
            });
  }
}
