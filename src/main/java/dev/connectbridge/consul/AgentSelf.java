package dev.connectbridge.consul;

import com.ecwid.consul.transport.HttpResponse;
import com.ecwid.consul.transport.TransportException;
import com.ecwid.consul.v1.ConsulRawClient;
import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts.Offers;
import dev.connectbridge.http.HttpTransport;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/**
 * Who the agent is, asked through consul-api. Its raw side, because its typed model lacks the
 * node's ID and gives up on a field whose type a newer Consul changed.
 */
final class AgentSelf {
  private static final String PATH = "/v1/agent/self";

  private final AgentCalls calls;
  private final HttpTransport transport;
  private final ConsulRawClient client;

  AgentSelf(HttpTransport transport, AgentCalls calls) {
    this.calls = calls;
    this.transport = transport;
    this.client = clientFor(transport.base(), calls);
  }

  private static ConsulRawClient clientFor(HttpUrl base, AgentCalls calls) {
    String host = base.host().contains(":") ? "[" + base.host() + "]" : base.host();
    ConsulRawClient.Builder builder =
        ConsulRawClient.Builder.builder()
            .setHost(base.scheme() + "://" + host)
            .setPort(base.port())
            .setHttpClient(new OkHttpBackedHttpClient(calls.reads()));
    String prefix = base.encodedPath().replaceAll("^/|/$", "");
    return (prefix.isEmpty() ? builder : builder.setPath(prefix)).build();
  }

  AgentFacts ask() throws AgentException {
    JsonNode self = calls.read("GET " + PATH, this::answer).reply().object();
    JsonNode config = self.path("Config");
    JsonNode debug = self.path("DebugConfig");
    if (config.path("NodeName").asText("").isEmpty()) {
      throw new AgentException(Kind.GARBLED, "GET " + PATH + ": the answer names no node", null);
    }
    // Without a directory, as in -dev mode, it forgets at each reload.
    boolean keeps = !debug.path("DataDir").asText("").isEmpty();
    return new AgentFacts(
        config.path("NodeName").asText(""),
        config.path("NodeID").asText(""),
        config.path("Datacenter").asText(""),
        config.path("Version").asText(""),
        self.path("Member").path("Addr").asText(""),
        debug.path("ConnectSidecarMinPort").asInt(),
        debug.path("ConnectSidecarMaxPort").asInt(),
        offers(debug),
        keeps);
  }

  private static Offers offers(JsonNode debug) {
    JsonNode connect = debug.path("ConnectEnabled");
    return new Offers(
        connect.isBoolean() ? Optional.of(connect.asBoolean()) : Optional.empty(),
        number(debug.path(grpc(debug))),
        number(debug.path("HTTPMaxConnsPerClient")));
  }

  /** Newer releases have a port of its own for TLS, and may have no other. */
  private static String grpc(JsonNode debug) {
    boolean onlyTls = debug.path("GRPCPort").asInt() <= 0 && debug.path("GRPCTLSPort").asInt() > 0;
    return onlyTls ? "GRPCTLSPort" : "GRPCPort";
  }

  private static OptionalInt number(JsonNode node) {
    return node.isInt() ? OptionalInt.of(node.asInt()) : OptionalInt.empty();
  }

  private AgentCalls.Answer answer() throws AgentException {
    return new AgentCalls.Answer(reply(), Headers.EMPTY);
  }

  private Reply reply() throws AgentException {
    try {
      HttpResponse answer = client.makeGetRequest(PATH);
      // consul-api drops the content type; a body that is JSON is as good.
      return new Reply(
          "GET " + PATH,
          answer.getStatusCode(),
          "application/json",
          transport.withoutToken(answer.getContent()));
    } catch (TransportException e) {
      IOException why =
          e.getCause() instanceof IOException cause ? cause : new IOException(e.getMessage());
      throw calls.unanswered("GET " + PATH, why);
    }
  }
}
