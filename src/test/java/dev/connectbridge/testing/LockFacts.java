package dev.connectbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.testing.Subject.Said;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sessions, and the keys that they have the locks of. */
interface LockFacts extends Subjects {
  String NOBODY = "11111111-1111-1111-1111-111111111111";

  private static String open(Subject subject) {
    String body = "{'Name':'l','Behavior':'release','LockDelay':'0s'}";
    return subject.put("/v1/session/create", body).json().path("ID").asText();
  }

  private static String acquire(Subject subject, String key, String session, String value) {
    return subject.put("/v1/kv/" + key + "?acquire=" + session, value).text().strip();
  }

  private static JsonNode key(Subject subject, String key) {
    return subject.get("/v1/kv/" + key).json().path(0);
  }

  @Test
  @Fact("11.6")
  default void aLockCountsHowOftenItChangedHands() {
    String one = open(dev());
    String other = open(dev());

    assertThat(dev().get("/v1/kv/l/a").status()).isEqualTo(404);
    assertThat(dev().get("/v1/kv/l/a").header("X-Consul-Index")).isNotEmpty();
    assertThat(acquire(dev(), "l/a", one, "x")).isEqualTo("true");
    assertThat(key(dev(), "l/a").path("LockIndex").asInt()).isEqualTo(1);
    assertThat(key(dev(), "l/a").path("Value").asText()).isEqualTo("eA==");
    assertThat(acquire(dev(), "l/a", other, "y")).isEqualTo("false");
    assertThat(acquire(dev(), "l/a", one, "z")).isEqualTo("true");
    assertThat(key(dev(), "l/a").path("LockIndex").asInt()).isEqualTo(1);
    assertThat(key(dev(), "l/a").path("Session").asText()).isEqualTo(one);
    assertThat(dev().put("/v1/kv/l/a?release=" + other, "r").text().strip()).isEqualTo("false");
    assertThat(dev().put("/v1/kv/l/a?release=" + one, "r").text().strip()).isEqualTo("true");
    assertThat(key(dev(), "l/a").has("Session")).isFalse();
    assertThat(acquire(dev(), "l/a", other, "y")).isEqualTo("true");
    assertThat(key(dev(), "l/a").path("LockIndex").asInt()).isEqualTo(2);
  }

  @Test
  @Fact("11.6")
  default void whatASessionHadIsFreeAtOnceWhenItIsClosed() {
    String one = open(dev());
    String other = open(dev());
    acquire(dev(), "l/b", one, "x");
    CompletableFuture<Said> watching =
        dev().later("", "GET", "/v1/kv/l/b?wait=20s&index=" + indexOf("l/b"), "");
    Said closed = dev().put("/v1/session/destroy/" + one, "");

    assertThat(closed.text().strip()).isEqualTo("true");
    assertThat(watching.join().json().path(0).has("Session")).isFalse();
    assertThat(watching.join().json().path(0).path("Value").asText()).isEqualTo("eA==");
    assertThat(dev().get("/v1/session/info/" + one).json()).isEmpty();
    assertThat(acquire(dev(), "l/b", other, "y")).isEqualTo("true");
    assertThat(dev().put("/v1/session/destroy/" + one, "").text().strip()).isEqualTo("true");
    assertThat(dev().get("/v1/session/info/" + other).json().path(0).path("LockDelay").asInt(-1))
        .isZero();
  }

  private String indexOf(String key) {
    return dev().get("/v1/kv/" + key).header("X-Consul-Index");
  }

  @Test
  @Fact("11.6")
  default void aSessionThatIsNotThereTakesNothing() {
    Said nobody = dev().put("/v1/kv/l/c?acquire=" + NOBODY, "x");

    assertThat(nobody.status()).isEqualTo(500);
    assertThat(nobody.text()).isEqualTo("invalid session \"" + NOBODY + "\"");
    assertThat(dev().get("/v1/session/info/" + NOBODY).text().strip()).isEqualTo("[]");
    assertThat(dev().put("/v1/session/destroy/" + NOBODY, "").text().strip()).isEqualTo("true");
  }

  @Test
  @Fact("11.6")
  default void aDeletedKeyCountsAnewAndItsSessionStays() {
    String one = open(dev());
    acquire(dev(), "l/d", one, "x");
    dev().put("/v1/kv/l/d?release=" + one, "");
    acquire(dev(), "l/d", one, "x");
    assertThat(key(dev(), "l/d").path("LockIndex").asInt()).isEqualTo(2);
    dev().with("", "DELETE", "/v1/kv/l/d", "");

    assertThat(dev().get("/v1/session/info/" + one).json()).hasSize(1);
    assertThat(acquire(dev(), "l/d", one, "x")).isEqualTo("true");
    assertThat(key(dev(), "l/d").path("LockIndex").asInt()).isEqualTo(1);
  }

  @Test
  @Fact("11.6")
  default void withADirectorySessionsOutliveARestart() {
    String one = open(kept());
    acquire(kept(), "l/e", one, "x");
    kept().restart();

    assertThat(key(kept(), "l/e").path("Session").asText()).isEqualTo(one);
    assertThat(acquire(kept(), "l/e", open(kept()), "y")).isEqualTo("false");
    kept().put("/v1/session/destroy/" + one, "");
  }

  @Test
  @Fact("11.6")
  default void withoutOneTheyAreLost() {
    String one = open(dev());
    acquire(dev(), "l/f", one, "x");
    dev().restart();

    assertThat(dev().get("/v1/session/info/" + one).json()).isEmpty();
    assertThat(dev().get("/v1/kv/l/f").status()).isEqualTo(404);
  }

  @Test
  @Fact("11.6")
  default void sessionAndKeyTakeARightEach() {
    String session = guarded().token("session_prefix \"\" { policy = \"write\" }").getKey();
    String key = guarded().token("key \"l/g\" { policy = \"write\" }").getKey();
    Said refused = guarded().with(key, "PUT", "/v1/session/create", "{\"LockDelay\":\"0s\"}");
    Said opened = guarded().with(session, "PUT", "/v1/session/create", "{}");
    String id = opened.json().path("ID").asText();

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).isEqualTo("Permission denied");
    assertThat(opened.status()).isEqualTo(200);
    assertThat(guarded().with(session, "PUT", "/v1/kv/l/g?acquire=" + id, "x").status())
        .isEqualTo(403);
    assertThat(guarded().with(key, "PUT", "/v1/kv/l/g?acquire=" + id, "x").text().strip())
        .isEqualTo("true");
    assertThat(guarded().with(session, "GET", "/v1/kv/l/g", "").status()).isEqualTo(403);
    assertThat(guarded().with(key, "PUT", "/v1/session/destroy/" + id, "").status()).isEqualTo(403);
    assertThat(guarded().with(session, "PUT", "/v1/session/destroy/" + id, "").status())
        .isEqualTo(200);
  }
}
