package dev.connectbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.testing.Subject.Said;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How an agent takes registrations. */
interface RegisteringFacts extends Subjects {

  @Test
  @Fact("1.1")
  default void aNestedSidecarIsAServiceOfItsOwnWithTwoChecks() {
    Said said = dev().register("{'Name':'n11','Port':9001,'Connect':{'SidecarService':{}}}");

    assertThat(said.status()).isEqualTo(200);
    assertThat(said.text()).isEmpty();
    JsonNode sidecar = dev().service("n11-sidecar-proxy");
    assertThat(sidecar.path("Kind").asText()).isEqualTo("connect-proxy");
    assertThat(sidecar.path("Port").asInt()).isBetween(28700, 28799);
    assertThat(sidecar.path("Proxy"))
        .hasToString(
            "{\"DestinationServiceName\":\"n11\",\"DestinationServiceID\":\"n11\","
                + "\"LocalServiceAddress\":\"127.0.0.1\",\"LocalServicePort\":9001,"
                + "\"MeshGateway\":{},\"Expose\":{}}");
    assertThat(dev().service("n11").has("Connect")).isFalse();
    dev()
        .eventually(
            "the alias has looked",
            () -> !dev().checks().at("/service:n11-sidecar-proxy:2/Output").asText().isEmpty());
    JsonNode listening = dev().checks().path("service:n11-sidecar-proxy:1");
    JsonNode alias = dev().checks().path("service:n11-sidecar-proxy:2");
    assertThat(listening.path("Name").asText()).isEqualTo("Connect Sidecar Listening");
    assertThat(listening.path("Type").asText()).isEqualTo("tcp");
    assertThat(alias.path("Name").asText()).isEqualTo("Connect Sidecar Aliasing n11");
    assertThat(alias.path("Status").asText()).isEqualTo("passing");
    assertThat(alias.path("Output").asText()).isEqualTo("No checks found.");
  }

  @Test
  @Fact("1.1")
  default void aSidecarInheritsTagsMetaAndAddressAndKeepsItsPort() {
    String body =
        "{'Name':'n11b','Port':1,'Tags':['t'],'Meta':{'k':'v'},'Address':'10.1.2.3',"
            + "'Weights':{'Passing':3,'Warning':2},'Connect':{'SidecarService':{}}}";
    dev().register(body);
    JsonNode first = dev().service("n11b-sidecar-proxy");
    dev().register(body);

    assertThat(first.path("Tags")).hasToString("[\"t\"]");
    assertThat(first.path("Meta")).hasToString("{\"k\":\"v\"}");
    assertThat(first.path("Address").asText()).isEqualTo("10.1.2.3");
    assertThat(first.path("Weights")).hasToString("{\"Passing\":1,\"Warning\":1}");
    assertThat(dev().service("n11b-sidecar-proxy")).isEqualTo(first);
  }

  @Test
  @Fact("1.1")
  default void whatIsWrongInsideASidecarRegistersNeither() {
    assertThat(dev().register("{'Name':'n11c','Connect':{'SidecarService':{'ID':'x'}}}").text())
        .contains("A SidecarService cannot specify an ID as this is managed by the agent");
    Said meta = dev().register("{'Name':'n11c','Connect':{'SidecarService':{'Meta':{'a.b':'c'}}}}");

    assertThat(meta.status()).isEqualTo(500);
    assertThat(meta.text())
        .isEqualTo(
            "Bad request: Invalid SidecarService: Couldn't load metadata pair ('a.b', 'c'): Key"
                + " contains invalid characters");
    assertThat(
            dev()
                .register("{'Name':'n11c','Connect':{'SidecarService':{'Check':{'TCP':'a'}}}}")
                .text())
        .startsWith("Bad request: Invalid check in sidecar_service: Interval must be > 0");
    assertThat(dev().service("n11c").isMissingNode()).isTrue();
  }

  @Test
  @Fact("1.1")
  default void aSidecarThatWasWrittenAloneNoLongerLeavesWithItsService() {
    dev().register("{'Name':'n11d','Port':1,'Connect':{'SidecarService':{'Port':28790}}}");
    dev()
        .register(
            "{'ID':'n11d-sidecar-proxy','Name':'n11d-sidecar-proxy','Kind':'connect-proxy',"
                + "'Port':28790,'Proxy':{'DestinationServiceName':'n11d'}}");
    dev().deregister("n11d");
    boolean stays = dev().services().has("n11d-sidecar-proxy");
    dev().deregister("n11d-sidecar-proxy");

    assertThat(stays).isTrue();
  }

  @Test
  @Fact("1.1")
  default void aServiceThatIsWrittenAgainWithoutItsSidecarStillTakesItAlong() {
    dev().register("{'Name':'n11e','Port':1,'Connect':{'SidecarService':{}}}");
    dev().register("{'Name':'n11e','Port':2}");
    boolean stays = dev().services().has("n11e-sidecar-proxy");
    dev().deregister("n11e");

    assertThat(stays).isTrue();
    assertThat(dev().services().has("n11e-sidecar-proxy")).isFalse();
  }

  @Test
  @Fact("1.2")
  default void portsGivenOneAfterAnotherAreTheFirstFreeOnes() {
    dev().clear();
    Set<Integer> ports = new TreeSet<>();
    for (int i = 0; i < 5; i++) {
      dev().register("{'Name':'n12" + i + "','Port':9,'Connect':{'SidecarService':{}}}");
      ports.add(dev().service("n12" + i + "-sidecar-proxy").path("Port").asInt());
    }

    assertThat(ports).containsExactly(28700, 28701, 28702, 28703, 28704);
  }

  @Test
  @Fact("1.3")
  default void bodiesAreDecodedStrictly() {
    refused("{not json", "invalid character 'n' looking for beginning of object key string");
    refused("{'Name':'x'", "unexpected EOF");
    refused("", "EOF");
    refused(
        "{'Name':5}", "json: cannot unmarshal number into Go struct field .Name of type string");
    refused(
        "{'Name':'a','Port':'9'}",
        "json: cannot unmarshal string into Go struct field .Port of type int");
    refused(
        "{'Name':'a','Port':9001.5}",
        "json: cannot unmarshal number 9001.5 into Go struct field .Port of type int");
    refused(
        "{'Name':'a','Tags':'x'}",
        "json: cannot unmarshal string into Go struct field .Tags of type []string");
    refused("{'Name':'a','Bogus':1}", "json: unknown field \"Bogus\"");
    refused(
        "{'Name':'a','Connect':{'SidecarService':{'Bogus':1}}}", "json: unknown field \"Bogus\"");
    refused(
        "{'Name':'a','Connect':{'SidecarService':{'Proxy':{'Mode':'x'}}}}",
        "json: unknown field \"Mode\"");
    refused("{'Name':'a','Check':{'TTL':'10'}}", "time: missing unit in duration \"10\"");
    refused("{'Name':'a','Check':{'check_id':'10'}}", "json: unknown field \"check_id\"");
    for (String field : new String[] {"SocketPath", "Namespace", "Node", "Service"}) {
      refused("{'Name':'a','" + field + "':'x'}", "json: unknown field \"" + field + "\"");
    }
  }

  private void refused(String body, String why) {
    Said said = dev().register(body);
    assertThat(said.text()).as(body).isEqualTo("Request decode failed: " + why);
    assertThat(said.status()).isEqualTo(400);
  }

  @Test
  @Fact("1.3")
  default void whatGoLetsThroughIsTaken() {
    assertThat(dev().register("null").text()).isEqualTo("Missing service name");
    assertThat(dev().register("{'Name':'n13'}xyz").status()).isEqualTo(200);
    assertThat(dev().register("{'name':'n13','Connect':{'SidecarServce':{}}}").status())
        .isEqualTo(200);
    assertThat(dev().services().has("n13-sidecar-proxy")).isFalse();
    assertThat(dev().register("{'Name':'n13','Port':-1,'enable_tag_override':true}").status())
        .isEqualTo(200);
    assertThat(dev().service("n13").path("Port").asInt()).isEqualTo(-1);
    assertThat(dev().service("n13").path("EnableTagOverride").asBoolean()).isTrue();
    Said post = dev().with("", "POST", "/v1/agent/service/register", "{}");
    assertThat(post.status()).isEqualTo(405);
    assertThat(post.text()).isEqualTo("method POST not allowed");
  }

  @Test
  @Fact("1.4")
  default void fieldsHaveRules() {
    wrong(
        "{'Name':'n14','Meta':{'a.b':'v'}}",
        "Invalid Service Meta: Couldn't load metadata pair"
            + " ('a.b', 'v'): Key contains invalid characters");
    wrong(
        "{'Name':'n14','Meta':{'consul-x':'v'}}",
        "Invalid Service Meta: Couldn't load metadata"
            + " pair ('consul-x', 'v'): Key prefix 'consul-' is reserved for internal use");
    wrong(
        "{'Name':'n14','Weights':{'Passing':0}}",
        "Invalid Weights: Passing must be greater than 0");
    wrong(
        "{'Name':'n14','Weights':{'Passing':70000}}",
        "Invalid Weights: DNS Weight must be between 0 and 65535");
    wrong("{'Name':'n14','Address':'0.0.0.0'}", "Invalid service address");
    wrong(
        "{'Name':'n14','Kind':'connect-proxy'}",
        "2 errors occurred:\n\t*"
            + " Proxy.DestinationServiceName must be non-empty for Connect proxy services\n\t* Port"
            + " must be set for a Connect proxy\n\n");
    String proxy =
        "{'Name':'n14','Kind':'connect-proxy','Port':1,'Proxy':{'DestinationServiceName'"
            + ":'x',%s}}";
    wrong(
        proxy.formatted("'Upstreams':[{'DestinationName':'u'}]"),
        "1 error occurred:\n\t* upstream local bind port cannot be zero\n\n");
    wrong(
        proxy.formatted(
            "'Upstreams':[{'DestinationName':'u','LocalBindPort':80},{'DestinationName'"
                + ":'v','LocalBindPort':80}]"),
        "1 error occurred:\n\t* upstreams cannot contain duplicates by local bind address and"
            + " port; \"127.0.0.1:80\" is specified twice\n\n");
    wrong(
        "{'Name':'n14','Check':{'HTTP':'http://x'}}",
        "Invalid check: Interval must be > 0 for Script, HTTP, or TCP checks");
    wrong("{'Name':'n14','Checks':[{}]}", "Invalid check: TTL must be > 0 for TTL checks");
    wrong(
        "{'Name':'n14','Check':{'TTL':'1s','Interval':'1s'}}",
        "Invalid check: Interval and TTL cannot both be specified");
    wrong(
        "{'Name':'n14','Check':{'TTL':'9s','Status':'x'}}",
        "Status for checks must 'passing', 'warning', 'critical'");
  }

  private void wrong(String body, String why) {
    Said said = dev().register(body);
    assertThat(said.text()).as(body).isEqualTo(why);
    assertThat(said.status()).isEqualTo(400);
  }

  @Test
  @Fact("1.4")
  default void whatIsNotCheckedIsTakenAsItIs() {
    dev().register("{'Name':'n14 b/ü','Tags':['x','x','']}");
    dev().register("{'Name':'n14c','Weights':{'Passing':1},'Kind':'bogus','Address':'::1'}");
    JsonNode strange = dev().service("n14c");
    boolean named = dev().services().has("n14 b/ü");
    dev().deregister("n14%20b%2F%C3%BC");
    dev().deregister("n14c");

    assertThat(named).isTrue();
    assertThat(strange.path("Weights")).hasToString("{\"Passing\":1,\"Warning\":0}");
    assertThat(strange.path("Kind").asText()).isEqualTo("bogus");
    assertThat(strange.path("TaggedAddresses").has("lan_ipv6")).isTrue();
    assertThat(dev().services().has("n14 b/ü")).isFalse();
  }

  @Test
  @Fact("1.4")
  default void anAliasOfNobodyIsCriticalUntilSomebodyComes() {
    dev().register("{'Name':'n14d','Check':{'CheckID':'n14d-a','AliasService':'n14e'}}");
    dev()
        .eventually(
            "the alias finds nobody",
            () -> dev().checks().path("n14d-a").path("Output").asText().startsWith("Service n14e"));
    assertThat(dev().checks().path("n14d-a").path("Status").asText()).isEqualTo("critical");
    dev().register("{'Name':'n14e'}");
    dev()
        .eventually(
            "the alias passes",
            () -> dev().checks().path("n14d-a").path("Status").asText().equals("passing"));
    dev().deregister("n14d");
    dev().deregister("n14e");
  }

  @Test
  @Fact("1.5")
  default void aNestedUpstreamThatIsWrongNeverReachesTheCatalog() {
    Said said =
        dev()
            .register(
                "{'Name':'n15','Port':9,'Connect':{'SidecarService':{'Proxy':{'Upstreams':"
                    + "[{'DestinationName':'u'}]}}}}");
    boolean held = dev().services().has("n15-sidecar-proxy");
    int rows = dev().inCatalog("n15-sidecar-proxy");
    dev().deregister("n15-sidecar-proxy");
    dev().deregister("n15");

    assertThat(said.status()).isEqualTo(200);
    assertThat(held).isTrue();
    assertThat(rows).isZero();
  }

  @Test
  @Fact("1.1")
  default void aSidecarThatIsRefusedLateLeavesItsServiceBehind() {
    Said said =
        dev()
            .register(
                "{'Name':'n11z','Port':1,'Connect':{'SidecarService':{'Port':28787,'Checks':"
                    + "[{'Args':['/bin/true'],'Interval':'10s'}]}}}");
    boolean service = dev().services().has("n11z");
    boolean sidecar = dev().services().has("n11z-sidecar-proxy");
    dev().deregister("n11z");

    assertThat(said.status()).isEqualTo(500);
    assertThat(said.text()).startsWith("Scripts are disabled on this agent from remote calls");
    assertThat(service).isTrue();
    assertThat(sidecar).isFalse();
  }

  @Test
  @Fact("1.7")
  default void checksThatAreNoLongerSaidStayUnlessTheyAreToBeReplaced() {
    String two =
        "{'Name':'n17','Checks':[{'CheckID':'n17-a','TTL':'9s'},{'CheckID':'n17-b',"
            + "'TTL':'9s'}]}";
    String one = "{'Name':'n17','Checks':[{'CheckID':'n17-a','TTL':'9s'}]}";
    dev().register(two);
    dev().register(one);
    assertThat(dev().checks().has("n17-b")).isTrue();
    dev().put("/v1/agent/service/register?replace-existing-checks=1", one);
    assertThat(dev().checks().has("n17-b")).isTrue();
    dev().put("/v1/agent/check/pass/n17-a", "");
    dev().put("/v1/agent/service/register?replace-existing-checks", one);

    assertThat(dev().checks().has("n17-b")).isFalse();
    assertThat(dev().checks().path("n17-a").path("Status").asText()).isEqualTo("passing");
  }

  @Test
  @Fact("1.8")
  default void theSameAgainChangesNothingAndOtherwiseTheStatusStays() {
    String body = "{'Name':'n18','Port':%d,'Check':{'CheckID':'n18-c','TTL':'1h','Status':'%s'}}";
    dev().register(body.formatted(1, "warning"));
    String hash = dev().get("/v1/agent/service/n18").header("X-Consul-ContentHash");
    dev().put("/v1/agent/check/pass/n18-c", "");
    String index = dev().get("/v1/catalog/service/n18").header("X-Consul-Index");
    dev().register(body.formatted(1, "critical"));

    assertThat(dev().get("/v1/agent/service/n18").header("X-Consul-ContentHash")).isEqualTo(hash);
    assertThat(dev().get("/v1/catalog/service/n18").header("X-Consul-Index")).isEqualTo(index);
    assertThat(dev().checks().path("n18-c").path("Status").asText()).isEqualTo("passing");
    dev().register(body.formatted(2, "critical"));
    assertThat(dev().checks().path("n18-c").path("Status").asText()).isEqualTo("passing");
    assertThat(dev().get("/v1/agent/service/n18").header("X-Consul-ContentHash"))
        .isNotEqualTo(hash);
    assertThat(dev().get("/v1/catalog/service/n18").header("X-Consul-Index")).isNotEqualTo(index);
  }

  @Test
  @Fact("1.9")
  default void idsAreEncodedAndSomeCannotBeAddressed() {
    for (String id : new String[] {"a b", "a/b", "a%b", "a?b", "a+b"}) {
      dev().register("{'Name':'n19','ID':'n19" + id + "'}");
    }
    dev().deregister("n19a+b");
    assertThat(dev().services().has("n19a+b")).isFalse();
    for (String id : new String[] {"a%20b", "a/b", "a%25b", "a%3Fb"}) {
      assertThat(dev().deregister("n19" + id).status()).isEqualTo(200);
    }
    assertThat(dev().services().toString()).doesNotContain("n19");
    Said moved = dev().deregister("a//b");
    assertThat(moved.status()).isEqualTo(301);
    assertThat(moved.header("Location")).isEqualTo("/v1/agent/service/deregister/a/b");
    assertThat(dev().deregister("%2Fa").status()).isEqualTo(301);
    assertThat(dev().deregister("a%0Ab").status()).isEqualTo(400);
  }
}
