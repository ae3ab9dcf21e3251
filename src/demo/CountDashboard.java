import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;

/** Shows the number that its upstream answers. It knows nothing of Consul either. */
final class CountDashboard {
  private static final int PATIENCE_MS = 5000;

  private CountDashboard() {}

  /** Runs {@code PORT UPSTREAM-URL}. */
  public static void main(String[] args) throws IOException {
    URL upstream = new URL(args[1]);
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] page = page(upstream).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
  }

  private static String page(URL upstream) {
    try {
      URLConnection connection = upstream.openConnection();
      connection.setConnectTimeout(PATIENCE_MS);
      connection.setReadTimeout(PATIENCE_MS);
      try (InputStream answer = connection.getInputStream()) {
        String count = new String(answer.readAllBytes(), StandardCharsets.US_ASCII);
        return "the count is %s, says whoever answers at %s".formatted(count, upstream);
      }
    } catch (IOException e) {
      return "no count: nobody answers at %s: %s".formatted(upstream, e.getMessage());
    }
  }
}
