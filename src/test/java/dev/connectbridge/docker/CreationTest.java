package dev.connectbridge.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.spec.TaskSpec.Resources;
import dev.connectbridge.spec.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreationTest {
  @TempDir private Path directory;

  @Test
  void theCommandStandsBeforeItsArguments() {
    JsonNode body = body(order().with("args", List.of("-v", "1")).with("command", "/bin/proxy"));

    assertThat(texts(body.path("Cmd"))).containsExactly("/bin/proxy", "-v", "1");
    assertThat(body.has("Entrypoint")).isFalse();
  }

  @Test
  void withoutEitherTheImageDecides() {
    assertThat(body(order()).has("Cmd")).isFalse();
    assertThat(body(order()).has("User")).isFalse();
    assertThat(body(order()).has("StopSignal")).isFalse();
  }

  @Test
  void aBlockIsAListOfOneMap() {
    Value block = new Value.Items(List.of(Orders.map("a", "1"), Orders.map("b", "2")));
    JsonNode body = body(order().with("labels", block).with("sysctl", block).with("ulimit", block));

    assertThat(body.at("/Labels/b").asText()).isEqualTo("2");
    assertThat(body.at("/HostConfig/Sysctls/a").asText()).isEqualTo("1");
    assertThat(body.at("/HostConfig/Ulimits/1/Hard").asInt()).isEqualTo(2);
    assertThat(body.at("/Labels").has(Labels.OWNER)).isTrue();
  }

  @Test
  void numbersAndTextsAreTheSame() {
    JsonNode body =
        body(
            order()
                .with("args", new Value.Items(List.of(Value.Num.of(8), new Value.Bool(true))))
                .with("shm_size", Value.Num.of(65536))
                .with("init", new Value.Bool(true))
                .with("cap_add", new Value.Nothing()));

    assertThat(texts(body.path("Cmd"))).containsExactly("8", "true");
    assertThat(body.at("/HostConfig/ShmSize").asLong()).isEqualTo(65536);
    assertThat(body.at("/HostConfig/Init").asBoolean()).isTrue();
    assertThat(body.path("HostConfig").has("CapAdd")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/a:/a, /etc/a:/a",
    "/etc/a:/a:ro, /etc/a:/a:ro",
    "local/x:/x, LOCAL/x:/x",
    "./secrets:/s, SECRETS:/s",
  })
  void aVolumeIsOfThisMachineOrOfTheTask(String written, String read) {
    Path top = directory;
    String expected =
        read.replace("LOCAL", top + "/local").replace("SECRETS", top.resolve("secrets").toString());

    JsonNode body = body(order().with("volumes", List.of(written)));

    assertThat(texts(body.at("/HostConfig/Binds"))).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data:/data", "../x:/x", "local/../../x:/x", "/a", ":/a", "/a:b", ".:/a"})
  void anyOtherVolumeIsRefused(String written) {
    assertThat(problems(order().with("volumes", List.of(written))))
        .singleElement()
        .asString()
        .startsWith("config.volumes: must");
  }

  @ParameterizedTest
  @CsvSource({
    "proxy, proxy:latest, proxy, latest",
    "proxy:1.2-a_b, proxy:1.2-a_b, proxy, 1.2-a_b",
    "r.example:5000/a/proxy, r.example:5000/a/proxy:latest, r.example:5000/a/proxy, latest",
    "r.example:5000/proxy:1, r.example:5000/proxy:1, r.example:5000/proxy, 1",
    "proxy@sha256:0a, proxy@sha256:0a, proxy, sha256:0a",
    "proxy:1@sha256:0a, proxy:1@sha256:0a, proxy, sha256:0a"
  })
  void anImageHasATag(String written, String name, String repository, String version) {
    String image = ImageName.of(written);

    assertThat(image).isEqualTo(name);
    assertThat(ImageName.repository(image)).isEqualTo(repository);
    assertThat(ImageName.version(image)).isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "../../v1.41/info", "a/../b", "a?b", "${meta.image}", "/a", "a:"})
  void whatIsNoImageIsRefused(String written) {
    assertThat(problems(Orders.in(directory).with("image", written)))
        .containsExactly("config.image: must be the name of an image: name, name:tag");
  }

  @Test
  void whatIsWrongIsSaidAllAtOnce() {
    Orders order =
        Orders.in(directory)
            .with("agrs", List.of("a"))
            .with("auth", Orders.map("password", "hunter22"))
            .with("args", "one")
            .with("labels", Orders.map("connect-bridge.owner", "me"))
            .with("privileged", "perhaps")
            .with("force_pull", List.of())
            .with("ulimit", Orders.map("nofile", "many"))
            .env("A=B", "hunter22")
            .resources(Resources.of(1, 4));

    assertThat(problems(order))
        .containsExactlyInAnyOrder(
            "config.image: the docker driver needs an image",
            "config: the docker driver knows no \"agrs\"; did you mean \"args\"?",
            "config.auth: the bridge keeps no passwords of registries: pull the image beforehand",
            "config.args: must be a list of texts",
            "config.labels: must not begin with connect-bridge.",
            "config.privileged: must be true or false",
            "config.force_pull: must be true or false",
            "config.ulimit: must be a whole number",
            "env: no process can be given \"A=B\"",
            "resources.memory: no engine gives less than 6 MB");
  }

  @Test
  void aTaskHasANameThatEveryEngineTakes() {
    String of = Creation.name(TaskId.of("a".repeat(300), "b"));

    assertThat(of).hasSize(100).matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
    assertThat(of).isNotEqualTo(Creation.name(TaskId.of("a".repeat(300), "c")));
    assertThat(Creation.name(TaskId.of("a", "b"))).isEqualTo("connect-bridge-a.b");
  }

  private Orders order() {
    return Orders.in(directory).with("image", "proxy");
  }

  private static JsonNode body(Orders order) {
    Creation creation = Creation.of(order.make());
    assertThat(creation.problems()).isEmpty();
    return creation.body();
  }

  private static List<String> problems(Orders order) {
    return Creation.of(order.make()).problems();
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }
}
