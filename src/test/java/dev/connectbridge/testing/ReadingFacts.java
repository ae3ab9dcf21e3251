package dev.connectbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.testing.Subject.Said;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What an agent tells of what it holds. */
interface ReadingFacts extends Subjects {

  @Test
  @Fact("3.1")
  default void whatWasNotSaidIsFilledIn() {
    dev().register("{'Name':'n31','Meta':{'a':null},'Tags':null,'Check':{'TTL':'9s'}}");

    assertThat(dev().service("n31"))
        .hasToString(
            "{\"ID\":\"n31\",\"Service\":\"n31\",\"Tags\":[],\"Meta\":{\"a\":\"\"},\"Port\":0,"
                + "\"Address\":\"\",\"Weights\":{\"Passing\":1,\"Warning\":1},"
                + "\"EnableTagOverride\":false}");
    JsonNode check = dev().checks().path("service:n31");
    assertThat(check.path("Definition")).hasToString("{}");
    assertThat(check.path("Type").asText()).isEqualTo("ttl");
    assertThat(check.path("Name").asText()).isEqualTo("Service 'n31' check");
  }

  @Test
  @Fact("3.1")
  default void aProxyIsShownWithWhatConsulAdds() {
    dev()
        .register(
            "{'Name':'n31b','Port':1,'Address':'10.0.0.9','TaggedAddresses':{'x':{'Address':'y',"
                + "'Port':3}},'Connect':{'Native':true,'SidecarService':{'Port':28791,'Proxy':{"
                + "'Config':{'a':1.0,'b':1e3,'c':{'d':[2]}},'Upstreams':[{'DestinationName':'u',"
                + "'LocalBindPort':8080}],'Expose':{'Paths':[{'Path':'/h','LocalPathPort':1,"
                + "'ListenerPort':2}]}}}}}");
    JsonNode proxy = dev().service("n31b-sidecar-proxy").path("Proxy");

    assertThat(dev().service("n31b").path("Connect")).hasToString("{\"Native\":true}");
    assertThat(dev().service("n31b").path("TaggedAddresses").properties())
        .extracting(one -> one.getKey())
        .containsExactlyInAnyOrder("lan_ipv4", "wan_ipv4", "x");
    assertThat(proxy.path("Config")).hasToString("{\"a\":1,\"b\":1000,\"c\":{\"d\":[2]}}");
    assertThat(proxy.path("Upstreams").path(0).path("DestinationType").asText())
        .isEqualTo("service");
    assertThat(proxy.path("Upstreams").path(0).has("Datacenter")).isFalse();
    assertThat(proxy.path("Upstreams").path(0).path("MeshGateway")).hasToString("{}");
    assertThat(proxy.path("Expose").path("Paths").path(0).path("ParsedFromCheck").asBoolean(true))
        .isFalse();
    JsonNode row = dev().get("/v1/catalog/service/n31b-sidecar-proxy").json().path(0);
    assertThat(row.path("ServiceProxy").path("Upstreams").path(0).path("Datacenter").isTextual())
        .isTrue();
    assertThat(row.path("ServiceProxy").path("Upstreams").path(0).path("Config").isNull()).isTrue();
  }

  @Test
  @Fact("3.2")
  default void filtersChoose() {
    dev().register("{'Name':'n32','Meta':{'owner':'b','alloc-id':'a/1'},'Tags':['v1','n32']}");
    dev().register("{'Name':'n32b','Connect':{'SidecarService':{}}}");

    for (String filter :
        new String[] {
          "Meta.owner == \"b\"",
          "Meta[\"alloc-id\"] == \"a/1\"",
          "\"owner\" in Meta",
          "\"n32\" in Tags and not (Kind == \"connect-proxy\")",
          "ID matches \"^n32$\" or Service == `nobody`",
        }) {
      assertThat(filtered(filter).json().properties())
          .as(filter)
          .extracting(one -> one.getKey())
          .containsExactly("n32");
    }
    assertThat(
            filtered("Kind == \"connect-proxy\" and Proxy.DestinationServiceID == \"n32b\"").json())
        .hasSize(1);
    for (String wrong : new String[] {"Meta.alloc-id == \"x\"", "Name == \"x\"", "Port > 5"}) {
      assertThat(filtered(wrong).status()).as(wrong).isEqualTo(500);
      assertThat(filtered(wrong).text())
          .startsWith("Failed to create boolean expression evaluator: ");
    }
    assertThatThrownBy(() -> filtered("Proxy.DestinationServiceID == \"n32b\""))
        .isInstanceOf(CompletionException.class);
  }

  private Said filtered(String filter) {
    return dev()
        .get("/v1/agent/services?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
  }

  @Test
  @Fact("3.3")
  default void aReaderOfOneServiceWaitsForItsNextStateOrItsEnd() {
    dev().register("{'Name':'n33'}");
    String path = "/v1/agent/service/n33?wait=20s&hash=";
    CompletableFuture<Said> change =
        dev().later("", "GET", path + dev().get("/v1/agent/service/n33").header(HASH), "");
    dev().register("{'Name':'n33'}");
    dev().register("{'Name':'n33','Port':7}");
    assertThat(change.join().json().path("Port").asInt()).isEqualTo(7);

    CompletableFuture<Said> end = dev().later("", "GET", path + change.join().header(HASH), "");
    dev().deregister("n33");
    assertThat(end.join().status()).isEqualTo(404);
    assertThat(end.join().text()).isEqualTo("unknown service ID: n33");
    assertThat(dev().get("/v1/agent/services").header("X-Consul-Index")).isEmpty();
    assertThat(dev().get("/v1/catalog/service/x?index=abc").text()).isEqualTo("Invalid index");
  }

  String HASH = "X-Consul-ContentHash";

  @Test
  @Fact("3.3")
  default void theHealthOfOneServiceIsAlsoItsStatusCode() {
    dev().register("{'Name':'n33b','Check':{'CheckID':'n33-c','TTL':'1h','Status':'passing'}}");
    String path = "/v1/agent/health/service/id/";

    assertThat(dev().get(path + "n33b").status()).isEqualTo(200);
    dev().put("/v1/agent/check/warn/n33-c?note=hm", "");
    assertThat(dev().get(path + "n33b").status()).isEqualTo(429);
    assertThat(dev().get(path + "n33b").json().path("AggregatedStatus").asText())
        .isEqualTo("warning");
    dev().put("/v1/agent/check/fail/n33-c", "");
    assertThat(dev().get(path + "n33b?format=text").status()).isEqualTo(503);
    assertThat(dev().get(path + "n33b?format=text").text()).isEqualTo("critical");
    assertThat(dev().get(path + "nope").status()).isEqualTo(404);
    assertThat(dev().get(path + "nope").json())
        .hasToString("{\"AggregatedStatus\":\"critical\",\"Service\":null,\"Checks\":null}");
    Said none = dev().put("/v1/agent/check/pass/nope", "");
    assertThat(none.text()).isEqualTo("CheckID \"nope\" does not have associated TTL");
  }

  @Test
  @Fact("3.3")
  default void aReaderOfTheCatalogWaitsForItsNextIndex() {
    dev().register("{'Name':'n33c','Port':1}");
    Said before = dev().get("/v1/catalog/service/n33c");
    CompletableFuture<Said> next =
        dev()
            .later(
                "",
                "GET",
                "/v1/catalog/service/n33c?wait=20s&index=" + before.header("X-Consul-Index"),
                "");
    dev().register("{'Name':'n33c','Port':2}");

    assertThat(next.join().json().path(0).path("ServicePort").asInt()).isEqualTo(2);
    assertThat(next.join().header("X-Consul-KnownLeader")).isEqualTo("true");
    JsonNode unknown = dev().get("/v1/catalog/node-services/nobody").json();
    assertThat(unknown).hasToString("{\"Node\":null,\"Services\":null}");
    assertThat(dev().get("/v1/health/connect/nobody").json()).hasToString("[]");
  }
}
