package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.http.HttpTransport.Options;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.Probe;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.RealConsul;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a real agent does with what we send. */
class AgentContractIT {
  private static RealConsul consul;
  private CountingProxy proxy;
  private ConsulAgent agent;

  @BeforeAll
  static void start() {
    consul = RealConsul.start(RealConsul.Options.dev().withSidecarPorts(28700, 28799));
  }

  @AfterAll
  static void stop() {
    if (consul != null) {
      consul.close();
    }
  }

  @BeforeEach
  void connect() {
    proxy = CountingProxy.before(consul.httpPort());
    agent = ConsulAgent.at(new HttpTransport(Options.open(proxy.address())));
  }

  @AfterEach
  void clear() throws AgentException {
    Observed left = agent.observe();
    for (Registration registration : left.registrations()) {
      agent.deregister(registration.id().sidecar());
      agent.deregister(registration.id().value());
    }
    for (Observed.Orphan orphan : left.orphans()) {
      agent.deregister(orphan.id());
    }
    for (Observed.Foreign foreign : left.foreign()) {
      agent.deregister(foreign.id());
    }
    agent.close();
    proxy.close();
  }

  @Test
  void theServersTellWhetherAListHasAllOfOurs() throws AgentException {
    Registration plain = Samples.plain("plain");
    String node = agent.facts().nodeName();
    Set<String> ids = Set.of(plain.id().value());
    agent.register(plain);
    await().until(() -> !agent.listsAll(node, Set.of(), Set.of()));

    assertThat(agent.listsAll(node, ids, Set.of())).isTrue();
    assertThat(agent.listsAll(node, Set.of(), ids)).isFalse();
    assertThat(agent.listsAll(node, Set.of(), Set.of("_connect-bridge-x"))).isTrue();
    assertThat(agent.listsAll("another", ids, Set.of())).isFalse();
    assertThat(agent.listsAll("", ids, Set.of())).isFalse();
  }

  @Test
  void whatIsRegisteredIsWhatIsSeen() throws AgentException {
    List<Registration> wanted =
        List.of(Samples.connected("count-api"), Samples.plain("plain"), Samples.rich());
    for (Registration registration : wanted) {
      agent.register(registration);
    }

    Observed seen = agent.observe();

    assertThat(seen.registrations())
        .containsExactlyInAnyOrderElementsOf(wanted.stream().map(Registration::asHeld).toList());
    assertThat(seen.orphans()).isEmpty();
    assertThat(seen.foreign()).isEmpty();
    assertThat(proxy.writes()).hasSize(3);
  }

  @Test
  void theSameAgainChangesNothing() throws AgentException {
    agent.register(Samples.rich());
    agent.register(Samples.rich());

    assertThat(agent.observe().registrations()).containsExactly(Samples.rich().asHeld());
  }

  @Test
  void whatIsRegisteredReachesTheCatalog() throws AgentException {
    agent.register(Samples.rich());
    agent.register(Samples.connected("count-api"));

    assertThat(consul.get("/v1/catalog/service/rich-sidecar-proxy")).contains("\"zeta\"");
    assertThat(consul.get("/v1/catalog/service/count-api")).contains("9001");
    assertThat(consul.get("/v1/health/connect/rich")).contains("bind_port");
  }

  @Test
  void anotherRegistrationReplacesTheOneBefore() throws AgentException {
    Registration rich = Samples.rich();
    agent.register(rich);
    Registration changed = rich.withTags(List.of("v3")).withMarks(rich.marks().withHash("new"));
    agent.register(changed);

    assertThat(agent.observe().registrations()).containsExactly(changed.asHeld());
  }

  @Test
  void aRemovedServiceIsGoneWithItsSidecarAndChecks() throws AgentException {
    agent.register(Samples.rich());
    agent.deregister(Samples.rich().id().value());

    assertThat(agent.observe()).isEqualTo(Observed.NOTHING);
    assertThat(consul.get("/v1/agent/checks")).doesNotContain("_connect-bridge");
  }

  @Test
  void whatIsNotThereIsRemovedWithoutComplaint() throws AgentException {
    agent.deregister("_connect-bridge-nobody");
    agent.deregisterCheck("_connect-bridge-nobody.check-a");

    assertThat(agent.observe()).isEqualTo(Observed.NOTHING);
  }

  @Test
  void anotherWriteKeepsWhatItsChecksSaid() throws AgentException {
    Registration plain = Samples.plain("web");
    Check check =
        new Check(
            plain.id().check("1"),
            "alive",
            Optional.of(Probe.ttl(Duration.ofMinutes(1), Duration.ofMinutes(1), "")));
    Registration wanted = Samples.withChecks(plain, List.of(check));
    agent.register(wanted);
    agent.updateCheck(check.id(), AgentApi.Status.PASSING, "");

    agent.register(wanted.withTags(List.of("new")));

    assertThat(agent.health(wanted.id().value()).status()).isEqualTo(AgentApi.Status.PASSING);
  }

  @Test
  void whatIsGivenAwayStaysWithoutOurMarks() throws AgentException {
    Registration web = Samples.connected("web");
    agent.register(web);

    assertThat(agent.disown(web.id().sidecar())).isTrue();
    assertThat(agent.disown(web.id().value())).isTrue();

    assertThat(agent.observe().registrations()).isEmpty();
    assertThat(agent.observe().foreign())
        .extracting(Observed.Foreign::id)
        .containsExactlyInAnyOrder(web.id().value(), web.id().sidecar());
    assertThat(agent.disown("_connect-bridge-nobody")).isFalse();
  }

  @Test
  void aCheckIsRemovedAlone() throws AgentException {
    Registration rich = Samples.rich();
    agent.register(rich);
    agent.deregisterCheck(rich.id().check("2"));

    Registration held = agent.observe().registrations().get(0);
    assertThat(held.checks())
        .extracting(Registration.Check::id)
        .containsExactly(rich.id().check("1"), rich.id().check("3"));
    assertThat(held.sidecar()).isEqualTo(rich.asHeld().sidecar());
  }

  @Test
  void aCheckThatIsNoLongerSentStaysUntilItIsRemoved() throws AgentException {
    Registration rich = Samples.rich();
    agent.register(rich);
    Registration fewer = Samples.withChecks(rich, rich.checks().subList(0, 1));
    agent.register(fewer);
    assertThat(agent.observe().registrations()).containsExactly(rich.asHeld());

    agent.deregisterCheck(rich.id().check("2"));
    agent.deregisterCheck(rich.id().check("3"));

    assertThat(agent.observe().registrations()).containsExactly(fewer.asHeld());
  }

  @Test
  void aSidecarLeftAloneIsAnOrphan() throws AgentException {
    Registration web = Samples.connected("web");
    agent.register(web);
    consul.put("/v1/agent/service/register", asProxy(web.id().sidecar(), web.marks()));
    agent.deregister(web.id().value());

    Observed seen = agent.observe();

    assertThat(seen.registrations()).isEmpty();
    assertThat(seen.orphans())
        .containsExactly(
            new Observed.Orphan(web.id().sidecar(), "web-sidecar-proxy", 20001, web.marks()));
  }

  @Test
  void aSidecarThatSomebodyReplacedDiffersUntilItIsWrittenAgain() throws AgentException {
    Registration web = Samples.connected("web");
    agent.register(web);
    consul.put(
        "/v1/agent/service/register",
        "{\"ID\":\"" + web.id().sidecar() + "\",\"Name\":\"web-sidecar-proxy\",\"Port\":20001}");

    Observed seen = agent.observe();
    assertThat(seen.registrations()).hasSize(1).doesNotContain(web.asHeld());
    assertThat(seen.foreign()).isEmpty();

    agent.register(web);
    assertThat(agent.observe().registrations()).containsExactly(web.asHeld());
  }

  @Test
  void whatIsNotOursIsToldApart() throws AgentException {
    consul.put("/v1/agent/service/register", "{\"Name\":\"db\",\"Port\":5432}");
    consul.put("/v1/agent/service/register", "{\"ID\":\"_connect-bridge-fake\",\"Name\":\"fake\"}");
    agent.register(Samples.connected("web"));

    Observed seen = agent.observe();

    assertThat(seen.registrations()).containsExactly(Samples.connected("web").asHeld());
    assertThat(seen.foreign())
        .containsExactly(
            new Observed.Foreign("_connect-bridge-fake", "fake", 0),
            new Observed.Foreign("db", "db", 5432));
  }

  @Test
  void aMaintenanceModeSurvivesOurWrites() throws AgentException {
    Registration web = Samples.connected("web");
    agent.register(web);
    consul.put("/v1/agent/service/maintenance/" + web.id() + "?enable=true&reason=disk", "");
    consul.put("/v1/agent/service/maintenance/" + web.id().sidecar() + "?enable=true", "");

    assertThat(agent.observe().registrations()).containsExactly(web.asHeld());
    agent.register(web.withTags(List.of("new")));

    assertThat(consul.get("/v1/agent/checks"))
        .contains("_service_maintenance:" + web.id() + "\"")
        .contains("_service_maintenance:" + web.id().sidecar() + "\"");
  }

  @Test
  void theAgentTellsWhoItIs() throws AgentException {
    AgentFacts facts = agent.facts();

    assertThat(facts.nodeName()).isEqualTo("n1");
    assertThat(facts.nodeId()).hasSize(36);
    assertThat(facts.datacenter()).isEqualTo("dc1");
    assertThat(facts.version()).startsWith("1.");
    assertThat(facts.advertiseAddress()).isEqualTo("127.0.0.1");
    assertThat(facts.sidecarMinPort()).isEqualTo(28700);
    assertThat(facts.sidecarMaxPort()).isEqualTo(28799);
    assertThat(proxy.requests()).hasToString("[GET /v1/agent/self]");
  }

  @Test
  void whatConsulRefusesIsToldInItsWords() {
    Registration broken = Samples.plain("web");
    Registration meta =
        new Registration(
            broken.id(),
            broken.name(),
            broken.tags(),
            false,
            "",
            1,
            new TreeMap<>(),
            broken.weights(),
            new TreeMap<>(Map.of("a.b", "c")),
            broken.marks(),
            List.of(),
            broken.role(),
            Optional.empty());

    AgentException refusal = catchThrowableOfType(AgentException.class, () -> agent.register(meta));

    assertThat(refusal.kind()).isEqualTo(AgentException.Kind.REFUSED);
    assertThat(refusal)
        .hasMessageStartingWith("PUT /v1/agent/service/register: 400 Invalid Service Meta:")
        .hasMessageContaining("Key contains invalid characters");
  }

  /** The sidecar registered by itself no longer leaves with its service. */
  private static String asProxy(String id, Marks marks) {
    StringBuilder meta = new StringBuilder();
    marks
        .over(new TreeMap<>())
        .forEach((key, value) -> meta.append(",\"" + key + "\":\"" + value + "\""));
    return "{\"ID\":\"%s\",\"Name\":\"web-sidecar-proxy\",\"Kind\":\"connect-proxy\",\"Port\":20001,"
            .formatted(id)
        + "\"Meta\":{%s},\"Proxy\":{\"DestinationServiceName\":\"web\"}}"
            .formatted(meta.substring(1));
  }
}
