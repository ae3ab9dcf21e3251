package dev.connectbridge.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.connectbridge.Bridge;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.FreePorts;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Two instances of count-api and a client of theirs, each behind a built-in proxy that a bridge
 * runs.
 */
final class Mesh implements AutoCloseable {
  private static final String API =
      """
      job "%1$s" {
        group "api" {
          network {
            mode = "bridge"
          }
          service {
            name = "count-api"
            port = "%2$d"
            connect {
              sidecar_service {}
              sidecar_task {
                shutdown_delay = "%3$dms"
                env {
                  PATH = "%4$s"
                }
              }
            }
          }
        }
      }
      """;
  private static final String CLIENT =
      """
      job "client" {
        group "client" {
          network {
            mode = "bridge"
          }
          service {
            name = "client"
            port = "%1$d"
            connect {
              sidecar_service {
                proxy {
                  upstreams {
                    destination_name = "count-api"
                    local_bind_port  = %2$d
                  }
                }
              }
              sidecar_task {
                shutdown_delay = "0s"
                env {
                  PATH = "%3$s"
                }
              }
            }
          }
        }
      }
      """;
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final List<String> INSTANCES = List.of("one", "two");

  private final ObjectMapper mapper = new ObjectMapper();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<HttpServer> apps = new ArrayList<>();
  private final List<AtomicLong> served = List.of(new AtomicLong(), new AtomicLong());
  private final List<Integer> client = FreePorts.pick(2);
  private final RealConsul consul;
  private final Path specs;
  private final Path data;
  private final Bridge bridge;

  Mesh(Path home) throws IOException {
    consul = RealConsul.dev();
    specs = Files.createDirectories(home.resolve("specs"));
    data = Files.createDirectories(home.resolve("data"));
    for (AtomicLong count : served) {
      apps.add(app(count));
    }
    bridge =
        Bridge.builder()
            .consul(consul.address())
            .owner("mesh-" + ProcessHandle.current().pid())
            .dataDirectory(data)
            .runDirectory(home.resolve("run"))
            .choices(Choices.NONE.with(SidecarTask.BUILTIN))
            .runTasks(Optional.of("unix://" + home.resolve("no-engine.sock")))
            .drains(new DrainPolicy(PATIENCE, Optional.empty(), false))
            .source(new SpecPaths(List.of(specs)))
            .build();
    save("client", CLIENT.formatted(client.get(0), client.get(1), path()));
    bridge.start();
  }

  private HttpServer app(AtomicLong count) throws IOException {
    HttpServer app =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    app.createContext(
        "/",
        exchange -> {
          byte[] answer = String.valueOf(count.incrementAndGet()).getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    app.setExecutor(threads);
    app.start();
    return app;
  }

  /** Where the client's own sidecar listens for what is meant for count-api. */
  int upstream() {
    return client.get(1);
  }

  /** Returns how many requests each instance has answered. */
  List<Long> served() {
    return served.stream().map(AtomicLong::get).toList();
  }

  /** Has an instance registered, its proxy to be signalled so long after it is deregistered. */
  void put(int instance, Duration delay) throws IOException {
    int port = apps.get(instance).getAddress().getPort();
    String name = INSTANCES.get(instance);
    save(name, API.formatted(name, port, delay.toMillis(), path()));
  }

  private void save(String name, String spec) throws IOException {
    Path unread = Files.writeString(specs.resolve("." + name), spec, UTF_8);
    Files.move(unread, specs.resolve(name + ".nomad.hcl"), StandardCopyOption.ATOMIC_MOVE);
    if (bridge != null) {
      bridge.wake();
    }
  }

  private String path() {
    return consul.binary().toAbsolutePath().getParent() + ":/usr/bin:/bin";
  }

  /** Takes an instance out of its file, and returns the receipt once its proxy is gone. */
  JsonNode remove(int instance) throws IOException {
    int before = receipts().size();
    Files.delete(specs.resolve(INSTANCES.get(instance) + ".nomad.hcl"));
    bridge.wake();
    await("a receipt").until(() -> receipts().size() > before);
    return receipts().get(before);
  }

  /** Drains an instance by name, and returns the receipt once its proxy is gone. */
  JsonNode drain(int instance) throws JsonProcessingException {
    return mapper.readTree(
        bridge.drain(group(instance), Optional.empty()).toCompletableFuture().join().line());
  }

  /** Lets an instance back that was drained by name. */
  void resume(int instance) {
    assertThat(bridge.resume(group(instance)).toCompletableFuture().join()).isTrue();
  }

  /** Signals the proxy of an instance, as an outsider would, and waits until it has ended. */
  void signal(int instance) {
    String handle =
        await("its driver has said that it runs")
            .until(() -> handle(instance), known -> !known.isEmpty());
    ProcessHandle proxy = ProcessHandle.of(Long.parseLong(handle)).orElseThrow();
    proxy.destroy();
    proxy.onExit().join();
  }

  private String handle(int instance) {
    return bridge.status().toCompletableFuture().join().tasks().stream()
        .filter(task -> task.group().equals(group(instance).replace('/', '.')))
        .map(task -> task.handle())
        .findFirst()
        .orElseThrow();
  }

  private static String group(int instance) {
    return INSTANCES.get(instance) + "/api[0]";
  }

  private List<JsonNode> receipts() throws IOException {
    Path file = data.resolve("receipts.jsonl");
    List<JsonNode> receipts = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file, UTF_8)) {
        receipts.add(mapper.readTree(line));
      }
    }
    return receipts;
  }

  /** Waits until both instances and the client's sidecar take connections, and Consul says so. */
  void awaitReady() {
    List<String> hastened = new ArrayList<>();
    await("two instances behind their sidecars")
        .until(
            () -> {
              hasten(hastened);
              return passing("count-api") == 2 && passing("client") == 1 && listens(upstream());
            });
  }

  /**
   * Consul looks at a sidecar every ten seconds, which no spec can change. Who looks more often
   * waits less; nothing else is different.
   */
  private void hasten(List<String> hastened) throws IOException {
    for (JsonNode check : mapper.readTree(consul.get("/v1/agent/checks"))) {
      String id = check.path("CheckID").asText();
      if (check.path("Type").asText().equals("tcp")
          && check.path("Status").asText().equals("critical")
          && !hastened.contains(id)) {
        String service = check.path("ServiceID").asText();
        JsonNode at = mapper.readTree(consul.get("/v1/agent/service/" + service));
        consul.put(
            "/v1/agent/check/register",
            mapper
                .createObjectNode()
                .put("ID", id)
                .put("Name", check.path("Name").asText())
                .put("ServiceID", service)
                .put("TCP", at.path("Address").asText() + ":" + at.path("Port").asText())
                .put("Interval", "1s")
                .toString());
        hastened.add(id);
      }
    }
  }

  private int passing(String service) throws IOException {
    int listening = 0;
    String path = "/v1/health/connect/" + service + "?passing";
    for (JsonNode entry : mapper.readTree(consul.get(path))) {
      if (listens(entry.path("Service").path("Port").asInt())) {
        listening++;
      }
    }
    return listening;
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static ConditionFactory await(String what) {
    return Awaitility.await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions();
  }

  @Override
  public void close() {
    try (consul) {
      bridge.close();
    } finally {
      apps.forEach(app -> app.stop(0));
      threads.shutdownNow();
    }
  }
}
