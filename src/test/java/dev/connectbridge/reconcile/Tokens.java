package dev.connectbridge.reconcile;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The token that the bridge carries: the right one, one that nobody knows, or one for less. */
final class Tokens {
  /** What the narrow token may not write. */
  static final String FORBIDDEN = "j1";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final boolean guarded;
  private String right = "";
  private String narrow = "";
  private String now = "";

  Tokens(Witness witness, boolean guarded) {
    this.guarded = guarded;
    if (guarded) {
      String rest =
          "agent_prefix \"\" { policy = \"read\" } node_prefix \"\" { policy = \"read\" }";
      right = make(witness, "service_prefix \"\" { policy = \"write\" } " + rest);
      narrow =
          make(
              witness,
              "service_prefix \"\" { policy = \"write\" } service_prefix \""
                  + FORBIDDEN
                  + "\" { policy = \"read\" } "
                  + rest);
      now = right;
    }
  }

  private static String make(Witness witness, String rules) {
    String body = JsonNodeFactory.instance.objectNode().put("Name", rules).put("Rules", rules) + "";
    witness.ask("PUT", "/v1/acl/policy", body);
    String named = JsonNodeFactory.instance.textNode(rules).toString();
    String made =
        witness.ask("PUT", "/v1/acl/token", "{\"Policies\":[{\"Name\":" + named + "}]}").body();
    try {
      return JSON.readTree(made).path("SecretID").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String now() {
    return now;
  }

  boolean isGuarded() {
    return guarded;
  }

  boolean isTroubled() {
    return guarded && !now.equals(right);
  }

  boolean isNarrow() {
    return guarded && now.equals(narrow);
  }

  void wrong() {
    now = "wrong-secret";
  }

  /** No token at all: the lists are empty, and nobody says why. */
  void none() {
    now = "";
  }

  void narrow() {
    now = narrow;
  }

  void mend() {
    now = right;
  }
}
