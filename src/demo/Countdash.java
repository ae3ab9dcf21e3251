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

/** What the demo cannot do in shell alone: find free ports, and print what Consul holds. */
final class Countdash {

  private static final Duration FIRST_PROBES = Duration.ofSeconds(15);
  private static final String ROW = "%-30s %-8s %-16s %-9s %s%n";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();
  private final String agent;

  private Countdash(String agent) {
    this.agent = "http://" + agent;
  }

  /** Runs {@code ports COUNT} or {@code table HOST:PORT}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    switch (args[0]) {
      case "ports" -> System.out.println(freePorts(Integer.parseInt(args[1])));
      case "table" -> new Countdash(args[1]).table();
      default -> throw new IllegalArgumentException(args[0]);
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
    awaitFirstProbes();
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
    explain(checks);
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
          "%s will reach %s through its sidecar, at %s:%d.%n",
          proxy.path("DestinationServiceName").asText(),
          upstream.path("DestinationName").asText(),
          address.isEmpty() ? "127.0.0.1" : address,
          upstream.path("LocalBindPort").asInt());
    }
  }

  private static void explain(JsonNode checks) {
    for (JsonNode check : checks) {
      if (isListening(check) && check.path("Status").asText().equals("critical")) {
        System.out.println(
            """
            The listening checks are critical because no proxy runs: each sidecar is registered with
            the port that its proxy will listen on, Consul connects to that port, and there is nobody
            yet. The alias checks follow the services, and those have no check that could fail.""");
        return;
      }
    }
  }

  private static boolean isListening(JsonNode check) {
    return check.path("Type").asText().equals("tcp");
  }

  /** Waits by Consul's own blocking query until every probe has said something. */
  private void awaitFirstProbes() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + FIRST_PROBES.toNanos();
    String index = "0";
    while (System.nanoTime() < deadline && !allHaveSaidSomething()) {
      HttpResponse<String> answer = send("/v1/health/node/countdash?wait=1s&index=" + index);
      index = answer.headers().firstValue("X-Consul-Index").orElse("0");
    }
  }

  private boolean allHaveSaidSomething() throws IOException, InterruptedException {
    for (JsonNode check : get("/v1/agent/checks")) {
      if (isListening(check) && check.path("Output").asText().isEmpty()) {
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
        HttpRequest.newBuilder(URI.create(agent + path)).timeout(Duration.ofSeconds(10)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
