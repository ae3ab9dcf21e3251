package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.consul.AbsenceProof.Inquiry;
import dev.connectbridge.consul.AbsenceProof.Kind;
import dev.connectbridge.consul.AbsenceProof.Verdict;
import dev.connectbridge.consul.AgentApi.Status;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RealConsul.AclToken;
import dev.connectbridge.testing.RunsBeside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a real Consul with ACLs that deny lets us prove. */
@RunsBeside
class AbsenceProofIT {
  private static final String MASTER = "11111111-2222-3333-4444-555555555555";
  private static final String SERVICES =
      "service_prefix \"\" { policy = \"write\" } agent_prefix \"\" { policy = \"read\" }";
  private static final String NODES = " node_prefix \"\" { policy = \"read\" }";
  private static RealConsul consul;
  private final Registration web = Samples.connected("web");
  private final List<AutoCloseable> opened = new ArrayList<>();
  private CountingProxy proxy;
  private AclToken token;
  private ConsulAgent agent;
  private AbsenceProof proof;

  @BeforeAll
  static void start() {
    consul = RealConsul.start(RealConsul.Options.dev().withAcls(MASTER));
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
    token = consul.tokenFor(SERVICES + NODES);
    agent = agentWith(token.secret());
    proof = proofBy(agent);
  }

  @AfterEach
  void disconnect() throws Exception {
    ConsulAgent master = agentWith(MASTER);
    remove(master, web);
    for (String id : idsOf(web).keySet()) {
      master.catalog().removeGhost("n1", id);
    }
    for (AutoCloseable each : opened) {
      each.close();
    }
    proxy.close();
  }

  @Test
  void whatIsDeregisteredIsProven() throws Exception {
    agent.register(web);
    Asked asked = ask(proof, web);
    awaitKind(asked, Kind.HELD);
    assertThat(asked.inquiry().verdict().reason()).contains("\"" + web.id().sidecar() + "\"");

    long began = System.nanoTime();
    remove(agent, web);
    long removed = System.nanoTime();
    assertThat(asked.proven().isProven()).isTrue();
    print("asked before, deregistered", began, removed);

    agent.register(web);
    began = System.nanoTime();
    remove(agent, web);
    removed = System.nanoTime();
    assertThat(ask(proof, web).proven().isProven()).isTrue();
    print("asked after, deregistered", began, removed);
  }

  @Test
  void manyAreProvenThroughOneBlockedQuery() throws Exception {
    List<Registration> all =
        IntStream.range(0, 200).mapToObj(i -> Samples.connected("s" + i)).toList();
    for (Registration one : all) {
      agent.register(one);
    }
    proxy.forget();
    List<Asked> asked = all.stream().map(one -> ask(proof, one)).toList();
    awaitKind(asked.get(199), Kind.HELD);
    int open = proxy.open();
    long began = System.nanoTime();
    for (Registration one : all) {
      remove(agent, one);
      open = Math.max(open, proxy.open());
    }
    long removed = System.nanoTime();
    for (Asked one : asked) {
      assertThat(one.proven().isProven()).isTrue();
    }
    print("200 pairs deregistered", began, removed);
    long reads = proxy.count("GET", "/v1/catalog/") + proxy.count("POST", "/v1/internal/acl");
    System.out.println("proof: 200 pairs took " + reads + " reads, " + open + " connections");
    // One blocks, one asks, one deregisters; the proxy may see late that others are closed.
    assertThat(open).isLessThanOrEqualTo(8);
  }

  @Test
  void withoutTheRightToReadTheNodeNothingIsProven() throws Exception {
    ConsulAgent blind = agentWith(consul.tokenFor(SERVICES).secret());
    blind.register(web);
    Asked asked = ask(proofBy(blind), web);
    remove(blind, web);

    awaitKind(asked, Kind.UNREADABLE);

    assertThat(asked.inquiry().verdict().reason())
        .isEqualTo("the token lacks node:read on \"n1\", so an empty answer proves nothing");
    assertThat(ask(proof, web).proven().isProven()).isTrue();
  }

  @Test
  void withoutTheRightToReadTheServiceNothingIsProven() throws Exception {
    agent.register(web);
    String rules = "service \"web\" { policy = \"read\" }" + NODES;
    Asked asked = ask(proofBy(agentWith(consul.tokenFor(rules).secret())), web);
    awaitKind(asked, Kind.HELD);
    remove(agent, web);

    awaitKind(asked, Kind.UNREADABLE);

    assertThat(asked.inquiry().verdict().reason())
        .contains("service:read on \"web-sidecar-proxy\"")
        .doesNotContain("on \"web\"");
  }

  @Test
  void aTokenThatIsRevokedProvesNothing() throws Exception {
    agent.register(web);
    Asked asked = ask(proof, web);
    awaitKind(asked, Kind.HELD);

    consul.revoke(token);
    ConsulAgent other = agentWith(MASTER);
    other.deregister(web.id().value());
    Asked again = ask(proof, web);

    awaitKind(again, Kind.UNREADABLE);
    assertThat(again.inquiry().verdict().reason())
        .contains("ACL not found")
        .doesNotContain(token.secret());
  }

  @Test
  void aGhostIsSeenAndLaidToRest() throws Exception {
    agent.register(web);
    consul.revoke(token);
    ConsulAgent other = agentWith(consul.tokenFor(SERVICES + NODES).secret());
    AbsenceProof later = proofBy(other);
    remove(other, web);
    assertThat(other.holds(web.id().value())).isFalse();
    Asked asked = ask(later, web);
    awaitKind(asked, Kind.HELD);
    assertThat(asked.told()).isNotDone();
    assertThat(asked.inquiry().verdict().reason()).startsWith("the catalog still holds");

    long began = System.nanoTime();
    for (String id : idsOf(web).keySet()) {
      assertThat(other.catalog().removeGhost("n1", id)).isTrue();
    }
    long removed = System.nanoTime();

    assertThat(asked.proven().isProven()).isTrue();
    print("ghosts of a pair laid to rest", began, removed);
    assertThat(other.catalog().removeGhost("n1", web.id().value())).isFalse();
  }

  @Test
  void anEntryThatIsRewrittenFirstLeavesNoGhost() throws Exception {
    agent.register(Samples.rich());
    String mark = agent.tokenMark();
    consul.revoke(token);
    ConsulAgent other = agentWith(consul.tokenFor(SERVICES + NODES).secret());
    assertThat(other.tokenMark()).isNotEqualTo(mark);

    long began = System.nanoTime();
    for (String id : idsOf(Samples.rich()).keySet()) {
      assertThat(other.rewrite(id)).isTrue();
    }
    long rewritten = System.nanoTime();
    print("pair rewritten", began, rewritten);
    remove(other, Samples.rich());

    assertThat(ask(proofBy(other), Samples.rich()).proven().isProven()).isTrue();
  }

  @Test
  void aRewriteChangesNothing() throws Exception {
    agent.register(Samples.rich());
    String before = shown(Samples.rich());
    long index = agent.catalog().ours("n1", 0, Duration.ofSeconds(1)).index();

    for (String id : idsOf(Samples.rich()).keySet()) {
      assertThat(agent.rewrite(id)).isTrue();
    }

    assertThat(shown(Samples.rich())).isEqualTo(before);
    assertThat(agent.catalog().ours("n1", 0, Duration.ofSeconds(1)).index()).isEqualTo(index);
    assertThat(agent.observe().registrations()).containsExactly(Samples.rich().asHeld());
    assertThat(agent.rewrite("nobody")).isFalse();
    remove(agent, Samples.rich());
  }

  @Test
  void manyRightsAreAskedForInParts() throws Exception {
    List<String> names = IntStream.range(0, 200).mapToObj(i -> "s" + i).toList();

    assertThat(agent.catalog().mayRead("n1", names).missing()).isEmpty();
    assertThat(agentWith("").catalog().mayRead("n1", names).missing()).hasSize(201);
    assertThat(agent.catalog().aclsOn()).isTrue();
    assertThat(proxy.count("POST", "/v1/internal/acl/authorize")).isEqualTo(9);
  }

  @Test
  void healthMaintenanceAndTheMeshAreTold() throws Exception {
    agent.register(web);
    String id = web.id().value();
    assertThat(agent.health("nobody").status()).isEqualTo(Status.UNKNOWN);
    assertThat(agent.health(id).status()).isEqualTo(Status.PASSING);
    assertThat(agent.catalog().connectable("web", "")).isZero();
    assertThat(agent.catalog().allows("web", "api")).isFalse();

    assertThat(agent.maintain(id, true, "to be drained & gone")).isTrue();
    assertThat(agent.health(id).status()).isEqualTo(Status.CRITICAL);
    assertThat(agent.health(id).complaints())
        .anyMatch(text -> text.contains("Maintenance") && text.contains("to be drained & gone"));
    assertThat(agent.maintain(id, false, "")).isTrue();
    assertThat(agent.health(id).complaints()).isEmpty();
    assertThat(agent.maintain("nobody", true, "")).isFalse();
    assertThat(agent.updateCheck("nobody", Status.PASSING, "")).isFalse();
  }

  @Test
  void aCheckIsUpdated() throws Exception {
    consul.put("/v1/agent/service/register", "{\"Name\":\"ttl\",\"Check\":{\"TTL\":\"60s\"}}");
    assertThat(agent.health("ttl").status()).isEqualTo(Status.CRITICAL);

    assertThat(agent.updateCheck("service:ttl", Status.WARNING, "so\nso")).isTrue();

    assertThat(agent.health("ttl").status()).isEqualTo(Status.WARNING);
    assertThat(agent.health("ttl").complaints())
        .containsExactly("Service 'ttl' check is warning: so so");
    assertThat(agent.updateCheck("service:ttl", Status.PASSING, "")).isTrue();
    assertThat(agent.health("ttl").status()).isEqualTo(Status.PASSING);
    agent.deregister("ttl");
  }

  private ConsulAgent agentWith(String secret) {
    ConsulAgent opening =
        ConsulAgent.at(
            new HttpTransport(
                new HttpTransport.Options(proxy.address(), () -> Optional.of(secret))));
    opened.add(opening);
    return opening;
  }

  private AbsenceProof proofBy(ConsulAgent by) {
    AbsenceProof opening = AbsenceProof.over(by.catalog(), Duration.ofSeconds(5));
    opened.add(0, opening);
    return opening;
  }

  private static void remove(ConsulAgent by, Registration registration) throws AgentException {
    by.deregister(registration.id().sidecar());
    by.deregister(registration.id().value());
  }

  private static String shown(Registration registration) {
    StringBuilder shown = new StringBuilder();
    for (String id : idsOf(registration).keySet()) {
      shown.append(consul.get("/v1/agent/service/" + id));
    }
    return shown.toString();
  }

  private static SortedMap<String, String> idsOf(Registration registration) {
    return new TreeMap<>(
        Map.of(
            registration.id().value(),
            registration.name(),
            registration.id().sidecar(),
            registration.name() + "-sidecar-proxy"));
  }

  private static Asked ask(AbsenceProof proof, Registration registration) {
    CompletableFuture<Verdict> told = new CompletableFuture<>();
    return new Asked(proof.ask("n1", idsOf(registration), told::complete), told);
  }

  private record Asked(Inquiry inquiry, CompletableFuture<Verdict> told) {
    Verdict proven() throws Exception {
      return told.get(30, TimeUnit.SECONDS);
    }
  }

  private static void awaitKind(Asked asked, Kind kind) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(asked.inquiry().verdict().kind()).isEqualTo(kind));
  }

  private static void print(String what, long began, long ended) {
    long now = System.nanoTime();
    System.out.printf(
        "proof: %s in %.1f ms, proven %.1f ms later%n",
        what, (ended - began) / 1e6, (now - ended) / 1e6);
  }
}
