import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the demo cannot do in shell alone: find free ports, print what Consul holds once the proxies
 * listen, and ask for a page.
 */
final class Countdash {

  private static final Duration PROXIES_LISTEN = Duration.ofSeconds(40);
  private static final String ROW = "%-30s %-8s %-16s %-9s %s%n";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();
  private final String base;

  private Countdash(String base) {
    this.base = base;
  }

  /**
   * Runs {@code ports COUNT WANTED…}, {@code table HOST:PORT} or {@code get URL}. Fails where a
   * wanted port is taken, a proxy does not listen in time, or nobody answers.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    switch (args[0]) {
      case "ports" -> System.out.println(ports(List.of(args).subList(1, args.length)));
      case "table" -> new Countdash("http://" + args[1]).table();
      case "get" -> System.out.println(new Countdash(args[1]).send("").body());
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static String ports(List<String> words) throws IOException {
    List<String> taken = new ArrayList<>();
    for (String wanted : words.subList(1, words.size())) {
      if (!isFree(Integer.parseInt(wanted))) {
        taken.add(wanted);
      }
    }
    if (!taken.isEmpty()) {
      System.err.println(
          "countdash: somebody else listens on port " + String.join(" and ", taken) + " already");
      System.exit(1);
    }
    return freePorts(Integer.parseInt(words.get(0)));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** All are held until the last is found, so that none is given out twice. */
  private static String freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    StringBuilder ports = new StringBuilder();
    for (int i = 0; i < count; i++) {
      sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      ports.append(i == 0 ? "" : " ").append(sockets.get(i).getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports.toString();
  }

  private void table() throws IOException, InterruptedException {
    boolean listening = awaitProxies();
    JsonNode services = get("/v1/agent/services");
    JsonNode checks = get("/v1/agent/checks");
    System.out.printf(ROW, "NAME", "KIND", "ADDRESS", "STATUS", "CHECK");
    for (JsonNode service : sorted(services)) {
      printService(service, checks);
    }
    System.out.println();
    for (JsonNode service : sorted(services)) {
      printUpstreams(service);
    }
    if (!listening) {
      System.err.println("countdash: not every proxy listens after " + PROXIES_LISTEN);
      System.exit(1);
    }
  }

  private static List<JsonNode> sorted(JsonNode services) {
    List<JsonNode> list = new ArrayList<>();
    services.forEach(list::add);
    list.sort((a, b) -> name(a).compareTo(name(b)));
    return list;
  }

  private static String name(JsonNode service) {
    return service.path("Service").asText();
  }

  private static boolean isSidecar(JsonNode service) {
    return service.path("Kind").asText().equals("connect-proxy");
  }

  private static void printService(JsonNode service, JsonNode checks) {
    String kind = isSidecar(service) ? "sidecar" : "service";
    String address = service.path("Address").asText();
    String at = (address.isEmpty() ? "(agent)" : address) + ":" + service.path("Port").asInt();
    boolean first = true;
    for (JsonNode check : checks) {
      if (check.path("ServiceID").equals(service.path("ID"))) {
        System.out.printf(
            ROW,
            first ? name(service) : "",
            first ? kind : "",
            first ? at : "",
            check.path("Status").asText(),
            check.path("Name").asText() + said(check));
        first = false;
      }
    }
    if (first) {
      System.out.printf(ROW, name(service), kind, at, "-", "(none asked for)");
    }
  }

  private static String said(JsonNode check) {
    String output = check.path("Output").asText().replaceAll("\\s+", " ").trim();
    return output.isEmpty() ? "" : ": " + output;
  }

  private static void printUpstreams(JsonNode service) {
    JsonNode proxy = service.path("Proxy");
    for (JsonNode upstream : proxy.path("Upstreams")) {
      String address = upstream.path("LocalBindAddress").asText("");
      System.out.printf(
          "%s reaches %s through its sidecar, at %s:%d.%n",
          proxy.path("DestinationServiceName").asText(),
          upstream.path("DestinationName").asText(),
          address.isEmpty() ? "127.0.0.1" : address,
          upstream.path("LocalBindPort").asInt());
    }
  }

  /** Waits by Consul's own blocking query until it has seen every proxy listen. */
  private boolean awaitProxies() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PROXIES_LISTEN.toNanos();
    String index = "0";
    while (!allListen()) {
      if (System.nanoTime() >= deadline) {
        return false;
      }
      HttpResponse<String> answer = send("/v1/health/node/countdash?wait=1s&index=" + index);
      index = answer.headers().firstValue("X-Consul-Index").orElse("0");
    }
    return true;
  }

  private boolean allListen() throws IOException, InterruptedException {
    for (JsonNode check : get("/v1/agent/checks")) {
      if (!check.path("Status").asText().equals("passing")) {
        return false;
      }
    }
    return true;
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return mapper.readTree(send(path).body());
  }

  private HttpResponse<String> send(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(10)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
