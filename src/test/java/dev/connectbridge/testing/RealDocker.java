package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.http.HttpTransport;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A real engine: the one of DOCKER_HOST, else of this machine; or Podman's. Asking for one where
 * none answers skips the test, or fails it where CONNECT_BRIDGE_REQUIRE names it. Its images are
 * made of this machine's static busybox, and removed when it is closed.
 */
public final class RealDocker implements AutoCloseable {
  private static final String REPOSITORY = "connect-bridge-test";
  private static final String USUAL = "/var/run/docker.sock";
  private static final String PODMANS = "/run/podman/podman.sock";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TAR_BLOCK = 512;
  private static final List<String> APPLETS =
      List.of("sh", "cat", "echo", "env", "id", "kill", "ls", "seq", "sleep", "tail", "touch");

  private final String address;
  private final boolean isPodman;
  private final Path busybox;
  private final HttpTransport transport;

  private RealDocker(String address, boolean isPodman, Path busybox) {
    this.address = address;
    this.isPodman = isPodman;
    this.busybox = busybox;
    this.transport = new HttpTransport(HttpTransport.Options.open(address));
  }

  /** Returns an engine that answers; without one the test is skipped, or fails. */
  public static RealDocker get() {
    return answering(
        "docker", "DOCKER_HOST", USUAL, "install docker.io and start dockerd, as .ci/run does");
  }

  /** Returns Podman's service, that of CONNECT_BRIDGE_PODMAN or of this machine, likewise. */
  public static RealDocker podman() {
    return answering(
        "podman",
        "CONNECT_BRIDGE_PODMAN",
        PODMANS,
        "install podman and start its service, as .ci/run does");
  }

  private static RealDocker answering(
      String name, String variable, String usual, String otherwise) {
    String address =
        Optional.ofNullable(System.getenv(variable))
            .filter(host -> !host.isBlank())
            .orElse("unix://" + usual);
    Path busybox = onThePath().orElse(Path.of("/bin/busybox"));
    if (!Files.isExecutable(busybox)) {
      throw missing(name, "no busybox to make images of; install busybox-static");
    }
    RealDocker docker =
        new RealDocker(
            address.replaceFirst("^tcp:", "http:"), variable.endsWith("PODMAN"), busybox);
    try {
      docker.ask("GET", "/version", new byte[0]);
      return docker;
    } catch (UncheckedIOException e) {
      docker.transport.close();
      throw missing(
          name,
          "no %s answers at %s: %s; %s"
              .formatted(name, address, e.getCause().getMessage(), otherwise));
    }
  }

  private static RuntimeException missing(String name, String message) {
    if (Required.names(name)) {
      Assertions.fail(message);
    }
    Assumptions.abort(message);
    return new IllegalStateException(message);
  }

  private static Optional<Path> onThePath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(File.pathSeparator))
        .map(directory -> Path.of(directory, "busybox"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Returns where it is asked. */
  public String address() {
    return address;
  }

  /** Makes an image that holds a shell and little else, and returns its name. */
  public String image(String tag, String... changes) {
    StringBuilder query = new StringBuilder("/images/create?fromSrc=-&repo=" + REPOSITORY);
    for (String change : changes) {
      query.append("&changes=").append(URLEncoder.encode(change, StandardCharsets.UTF_8));
    }
    String id = json(ask("POST", query.toString(), rootFileSystem())).path("status").asText();
    // Podman takes no notice of a tag that is said at once.
    ask("POST", "/images/" + id + "/tag?repo=" + REPOSITORY + "&tag=" + tag, new byte[0]);
    return REPOSITORY + ":" + tag;
  }

  /** Makes an image of another one, with a stop signal and a user of its own. */
  public String imageOf(String base, String tag, String stopSignal, String user) {
    ObjectNode body = JSON.createObjectNode().put("Image", base);
    body.put("StopSignal", stopSignal).put("User", user).putArray("Cmd").add("/bin/sh");
    String container = json(ask("POST", "/containers/create", bytes(body))).path("Id").asText();
    String what = "/commit?container=" + container + "&repo=" + REPOSITORY + "&tag=" + tag;
    what += isPodman ? "&changes=STOPSIGNAL%20" + stopSignal : "";
    ask("POST", what, bytes(body));
    ask("DELETE", "/containers/" + container, new byte[0]);
    return REPOSITORY + ":" + tag;
  }

  /** Returns what the engine says of a container. */
  public JsonNode inspect(String container) {
    return json(ask("GET", "/containers/" + container + "/json", new byte[0]));
  }

  /** Makes a container and does not start it. */
  public void create(String name, JsonNode body) {
    ask("POST", "/containers/create?name=" + name, bytes(body));
  }

  /** Returns the IDs of the containers that bear a label. */
  public List<String> containers(String label) {
    String filters = URLEncoder.encode("{\"label\":[\"" + label + "\"]}", StandardCharsets.UTF_8);
    JsonNode list = json(ask("GET", "/containers/json?all=1&filters=" + filters, new byte[0]));
    return Stream.iterate(0, i -> i < list.size(), i -> i + 1)
        .map(i -> list.get(i).path("Id").asText())
        .toList();
  }

  /** Removes all containers that bear a label. */
  public void removeContainers(String label) {
    containers(label).forEach(id -> ask("DELETE", "/containers/" + id + "?force=1", new byte[0]));
  }

  private String ask(String method, String path, byte[] body) {
    boolean bare = method.equals("GET");
    Request request =
        new Request.Builder()
            .url(transport.base().resolve(path))
            .method(method, bare ? null : RequestBody.create(body))
            .header(
                "Content-Type", path.contains("fromSrc") ? "application/x-tar" : "application/json")
            .build();
    try (Response response =
        transport
            .client()
            .newBuilder()
            .callTimeout(Duration.ofMinutes(1))
            .build()
            .newCall(request)
            .execute()) {
      String text = response.body().string();
      if ((!response.isSuccessful() && response.code() != 404) || text.contains("errorDetail")) {
        throw new IllegalStateException(method + " " + path + ": " + response.code() + " " + text);
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(JsonNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A tar archive of busybox, its applets and the directories that an engine mounts upon. */
  private byte[] rootFileSystem() {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    try {
      for (String directory : List.of("bin", "etc", "tmp", "proc", "sys", "dev")) {
        entry(tar, directory + "/", '5', "", new byte[0]);
      }
      byte[] users =
          "root:x:0:0::/:/bin/sh\nproxy:x:1234:1234::/:/bin/sh\n"
              .getBytes(StandardCharsets.US_ASCII);
      entry(tar, "etc/passwd", '0', "", users);
      entry(tar, "bin/busybox", '0', "", Files.readAllBytes(busybox));
      for (String applet : APPLETS) {
        entry(tar, "bin/" + applet, '2', "busybox", new byte[0]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    tar.writeBytes(new byte[2 * TAR_BLOCK]);
    return tar.toByteArray();
  }

  private static void entry(
      ByteArrayOutputStream tar, String name, char type, String link, byte[] content) {
    byte[] head = new byte[TAR_BLOCK];
    put(head, 0, name);
    put(head, 100, "0000755\0" + "0000000\0" + "0000000\0");
    put(head, 124, String.format(Locale.ROOT, "%011o", content.length) + "\0" + "00000000000\0");
    put(head, 148, "        " + type + link);
    put(head, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte each : head) {
      sum += each & 0xff;
    }
    put(head, 148, String.format(Locale.ROOT, "%06o", sum) + "\0 ");
    tar.writeBytes(head);
    tar.writeBytes(content);
    tar.writeBytes(new byte[(TAR_BLOCK - content.length % TAR_BLOCK) % TAR_BLOCK]);
  }

  private static void put(byte[] head, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, head, at, bytes.length);
  }

  /** Removes the images. */
  @Override
  public void close() {
    String filters =
        URLEncoder.encode("{\"reference\":[\"" + REPOSITORY + "\"]}", StandardCharsets.UTF_8);
    for (JsonNode image : json(ask("GET", "/images/json?filters=" + filters, new byte[0]))) {
      image
          .path("RepoTags")
          .forEach(tag -> ask("DELETE", "/images/" + tag.asText() + "?force=1", new byte[0]));
    }
    transport.close();
  }
}
