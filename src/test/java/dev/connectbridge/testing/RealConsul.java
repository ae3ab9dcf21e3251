package dev.connectbridge.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A real Consul agent on free loopback ports, which it keeps when it is started again. Starting one
 * where there is no Consul skips the test, or fails it where CONNECT_BRIDGE_REQUIRE names consul.
 */
public final class RealConsul implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(40);

  /** Which of its ports others join. */
  private static final int LAN = 3;

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final Options options;
  private final Path binary;
  private final Path directory;
  private final List<Integer> ports = FreePorts.pick(5);
  private final Thread lastResort = new Thread(this::kill);
  private Process process;

  private RealConsul(Options options, Path binary) {
    this.options = options;
    this.binary = binary;
    try {
      this.directory = Files.createTempDirectory("real-consul");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(lastResort);
  }

  /** What an agent is; all but the first have a data directory that survives a restart. */
  enum Role {
    DEV("-dev"),
    SERVER("-server -bootstrap-expect=1"),
    ONE_OF_TWO_SERVERS("-server -bootstrap-expect=2"),
    CLIENT("");

    private final String flags;

    Role(String flags) {
      this.flags = flags;
    }

    private List<String> flags() {
      return flags.isEmpty() ? List.of() : List.of(flags.split(" "));
    }
  }

  /**
   * How an agent runs.
   *
   * @param role what it is
   * @param node its name
   * @param hcl more configuration
   * @param token the token that the harness itself asks with
   * @param unixSocket whether it also listens on {@link #unixSocket}
   */
  public record Options(
      Role role, String node, String hcl, Optional<String> token, boolean unixSocket) {

    /** Returns an agent that forgets everything when it ends. */
    public static Options dev() {
      return in(Role.DEV, "n1");
    }

    /**
     * Returns a server with a data directory; after a restart it takes 8 to 10 s to elect itself.
     */
    public static Options persistentServer() {
      return in(Role.SERVER, "n1");
    }

    static Options in(Role role, String node) {
      return new Options(role, node, "", Optional.empty(), false);
    }

    /** Returns the same that joins another one, as often as it takes. */
    Options joining(RealConsul other) {
      String join = "retry_join = [\"127.0.0.1:%d\"] retry_interval = \"1s\"";
      return with(join.formatted(other.ports.get(LAN)));
    }

    /** Returns the same with more configuration in HCL. */
    public Options with(String moreHcl) {
      return new Options(role, node, hcl + "\n" + moreHcl, token, unixSocket);
    }

    /** Returns the same with a unix socket beside the port. */
    public Options withUnixSocket() {
      return new Options(role, node, hcl, token, true);
    }

    /** Returns the same with a range of sidecar ports. */
    public Options withSidecarPorts(int first, int last) {
      return with("ports { sidecar_min_port = " + first + " sidecar_max_port = " + last + " }");
    }

    /** Returns the same with ACLs that deny by default, and a token that may do everything. */
    public Options withAcls(String master) {
      String acl =
          "acl { enabled = true default_policy = \"deny\" tokens { master = \"%s\" agent = \"%s\" } }";
      return new Options(
          role,
          node,
          hcl + "\n" + acl.formatted(master, master),
          Optional.of(Planted.secret(master)),
          unixSocket);
    }
  }

  /** Starts a {@code -dev} agent and waits until it leads. */
  public static RealConsul dev() {
    return start(Options.dev());
  }

  /** Starts an agent and waits until it leads. */
  public static RealConsul start(Options options) {
    RealConsul consul = launched(options);
    try {
      consul.awaitLeader();
      return consul;
    } catch (RuntimeException | Error e) {
      consul.close();
      throw e;
    }
  }

  /** Starts an agent and waits for nothing. */
  static RealConsul launched(Options options) {
    RealConsul consul = new RealConsul(options, ConsulBinary.get());
    consul.launch();
    return consul;
  }

  /** Returns the agent's {@code http://127.0.0.1:port}. */
  public String address() {
    return "http://127.0.0.1:" + httpPort();
  }

  /** Returns the port of its HTTP. */
  public int httpPort() {
    return ports.get(0);
  }

  /** Returns a directory that is deleted with the agent. */
  public Path directory() {
    return directory;
  }

  /** Returns where its unix socket is, if it has one. */
  public Path unixSocket() {
    return directory.resolve("consul.sock");
  }

  /** Returns the consul command. */
  public Path binary() {
    return binary;
  }

  /** Returns the agent's process. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Starts the agent again, on the same ports, and waits until it leads. */
  public void restart() {
    launch();
    awaitLeader();
  }

  /** Waits until it has a leader. */
  void awaitLeader() {
    try {
      Awaitility.await("a Consul that leads")
          .atMost(START)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !process.isAlive() || leads());
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException(e.getMessage() + ": " + log(), e);
    }
    if (!process.isAlive()) {
      throw new IllegalStateException("Consul ended: " + log());
    }
  }

  /** Starts the agent again without waiting for anything. */
  public void launch() {
    try {
      process =
          new ProcessBuilder(command())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks the agent to end (SIGTERM) and waits until it has. */
  public void terminate() {
    process.destroy();
    awaitEnd();
  }

  /** Ends the agent at once (SIGKILL) and waits until it has ended. */
  public void kill() {
    if (process != null) {
      process.destroyForcibly();
      awaitEnd();
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the body that the agent answers, which must be with 200. */
  public String get(String path) {
    return send("GET", path, "");
  }

  /** Sends a PUT, which must be answered with 200, and returns the body. */
  public String put(String path, String body) {
    return send("PUT", path, body);
  }

  /**
   * A token of an agent with ACLs.
   *
   * @param secret what requests carry
   * @param accessor what it is revoked by
   */
  public record AclToken(String secret, String accessor) {}

  /** Makes a token with a policy of these rules, in Consul's own language. */
  public AclToken tokenFor(String rules) {
    String policy = "p" + UUID.randomUUID();
    put(
        "/v1/acl/policy",
        JsonNodeFactory.instance.objectNode().put("Name", policy).put("Rules", rules).toString());
    JsonNode token = read(put("/v1/acl/token", "{\"Policies\":[{\"Name\":\"" + policy + "\"}]}"));
    return new AclToken(
        Planted.secret(token.path("SecretID").asText()), token.path("AccessorID").asText());
  }

  /** Revokes a token. */
  public void revoke(AclToken token) {
    send("DELETE", "/v1/acl/token/" + token.accessor(), "");
  }

  private static JsonNode read(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String send(String method, String path, String body) {
    HttpResponse<String> answer = exchange(method, path, body);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(
          method + " " + path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private HttpResponse<String> exchange(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address() + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    options.token().ifPresent(token -> request.header("X-Consul-Token", token));
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Has it join another one, and returns whether that was there. */
  boolean joins(RealConsul other) {
    return exchange("PUT", "/v1/agent/join/127.0.0.1:" + other.ports.get(LAN), "").statusCode()
        == 200;
  }

  /** Returns whether it knows of no leader, or of no servers any more. */
  boolean isAlone() {
    HttpResponse<String> leader = exchange("GET", "/v1/status/leader", "");
    return leader.statusCode() != 200 || !leader.body().contains(":");
  }

  /** With ACLs a leader knows the master token a moment later than it leads. */
  private boolean leads() {
    try {
      return exchange("GET", "/v1/status/leader", "").body().contains(":")
          && exchange("GET", "/v1/agent/self", "").statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(List.of(binary.toString(), "agent"));
    command.addAll(options.role().flags());
    if (options.role() != Role.DEV) {
      command.addAll(List.of("-data-dir", directory.resolve("data").toString()));
      command.addAll(List.of("-hcl", "connect { enabled = true }"));
    }
    command.addAll(List.of("-node", options.node(), "-log-level", "warn"));
    command.addAll(List.of("-bind", "127.0.0.1", "-client", "127.0.0.1", "-dns-port", "-1"));
    List<String> flags =
        List.of("-http-port", "-grpc-port", "-server-port", "-serf-lan-port", "-serf-wan-port");
    for (int i = 0; i < flags.size(); i++) {
      command.addAll(List.of(flags.get(i), String.valueOf(ports.get(i))));
    }
    if (options.unixSocket()) {
      String listen = "addresses { http = \"127.0.0.1 unix://%s\" }".formatted(unixSocket());
      command.addAll(List.of("-hcl", listen));
    }
    if (!options.hcl().isBlank()) {
      command.addAll(List.of("-hcl", options.hcl()));
    }
    return command;
  }

  private Path logFile() {
    return directory.resolve("consul.log");
  }

  /** Returns what the agent logged, with its standard output. */
  public String log() {
    try {
      return Files.readString(logFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the agent and deletes its directory. */
  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(lastResort);
    } catch (IllegalStateException e) {
      return; // the JVM is ending: the hook has its turn
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
