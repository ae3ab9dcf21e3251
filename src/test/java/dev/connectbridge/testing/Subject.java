package dev.connectbridge.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** An agent that facts are checked on, the real one or the simulated one, over HTTP. */
interface Subject {
  HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  ObjectMapper JSON = new ObjectMapper();

  /** Returns its {@code http://host:port}. */
  String address();

  /** Returns the token that may do everything; empty without ACLs. */
  String master();

  /** Ends it, and starts it again; it is asked when everything is back. */
  void restart();

  /** Waits until something holds, in the time of the agent. */
  void eventually(String what, Callable<Boolean> holds);

  /** Returns what it is now for the agent. */
  default Instant now() {
    return Instant.now();
  }

  /** Waits for what is asked, in the time of the agent. */
  default <T> T outcome(CompletableFuture<T> asked) {
    return asked.join();
  }

  /** One that needs other servers. */
  interface Dependent extends Subject {
    /** Takes the servers from it, or so many that there is no leader. */
    void loseServers();

    /** Gives them back, and waits until there is a leader. */
    void regainServers();

    /** Has it compare all that it holds with the servers, soon. */
    void untilItCompares();
  }

  /** An answer. */
  record Said(int status, HttpResponse<String> whole) {
    String text() {
      return whole.body();
    }

    JsonNode json() {
      try {
        return whole.body().isEmpty() ? MissingNode.getInstance() : JSON.readTree(whole.body());
      } catch (JsonProcessingException e) {
        throw new AssertionError(whole.body(), e);
      }
    }

    String header(String name) {
      return whole.headers().firstValue(name).orElse("");
    }
  }

  default Said with(String token, String method, String path, String body) {
    return later(token, method, path, body).join();
  }

  default CompletableFuture<Said> later(String token, String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address() + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    Optional.of(token)
        .filter(t -> !t.isEmpty())
        .ifPresent(t -> request.header("X-Consul-Token", t));
    return HTTP.sendAsync(request.build(), BodyHandlers.ofString())
        .thenApply(answer -> new Said(answer.statusCode(), answer));
  }

  default Said get(String path) {
    return with(master(), "GET", path, "");
  }

  default Said put(String path, String body) {
    return with(master(), "PUT", path, body.replace('\'', '"'));
  }

  default Said register(String body) {
    return put("/v1/agent/service/register", body);
  }

  default Said deregister(String id) {
    return put("/v1/agent/service/deregister/" + id, "");
  }

  default JsonNode services() {
    return get("/v1/agent/services").json();
  }

  default JsonNode checks() {
    return get("/v1/agent/checks").json();
  }

  default JsonNode service(String id) {
    return services().path(id);
  }

  /** Returns how many instances the catalog has of a service. */
  default int inCatalog(String service) {
    return get("/v1/catalog/service/" + service).json().size();
  }

  /** Makes a token; returns secret and accessor. */
  default Map.Entry<String, String> token(String rules) {
    String policy = "p" + UUID.randomUUID();
    with(
        master(),
        "PUT",
        "/v1/acl/policy",
        JsonNodeFactory.instance.objectNode().put("Name", policy).put("Rules", rules).toString());
    JsonNode token = put("/v1/acl/token", "{'Policies':[{'Name':'" + policy + "'}]}").json();
    return Map.entry(token.path("SecretID").asText(), token.path("AccessorID").asText());
  }

  default void revoke(Map.Entry<String, String> token) {
    with(master(), "DELETE", "/v1/acl/token/" + token.getValue(), "");
  }

  /** Removes what tests left behind. */
  default void clear() {
    services().fieldNames().forEachRemaining(this::deregister);
  }
}
