package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.CONNECT;
import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.held;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.CatalogApi.NodeServices;
import dev.connectbridge.converge.Condition;
import dev.connectbridge.converge.Condition.Kind;
import dev.connectbridge.converge.Condition.Truth;
import dev.connectbridge.converge.ConvergenceBook;
import dev.connectbridge.converge.EntryConditions;
import dev.connectbridge.converge.Questions.Asked;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Drift;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Status;
import dev.connectbridge.testing.FakeAgent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the book tells of entries of ours in the hands of others. */
class DriftToldTest {
  private static final Instant NOW = Instant.EPOCH;

  private final FakeAgent agent = new FakeAgent();
  private final ConvergenceBook book = new ConvergenceBook("default");
  private Snapshot files = all(file("shop", service("web", CONNECT), service("db")));
  private Loop loop = with(Drift.REVERT);

  private Loop with(Drift drift) {
    return new Loop(
        agent,
        () -> files,
        new Reconciler(
            agent,
            new Settings("default", Node.UNKNOWN, 20000, 32000, Choices.NONE, Consent.NONE, drift),
            Shop.memory(),
            Optional.empty(),
            Shop.WITHOUT_WAITING),
        Duration.ofHours(1),
        false,
        Optional.empty(),
        book,
        Shop.WITHOUT_WAITING);
  }

  private void replace(Registration other) {
    List<Registration> all = new ArrayList<>(agent.holds().registrations());
    all.replaceAll(one -> one.id().equals(other.id()) ? other : one);
    agent.hold(new Observed(all, List.of(), List.of()));
    agent.writes();
  }

  private void edit(String tag) {
    replace(held(agent, "web").withTags(List.of(tag)));
  }

  private void editSidecar() {
    Registration web = held(agent, "web");
    Sidecar proxy = web.sidecar().orElseThrow();
    Sidecar other =
        new Sidecar(
            List.of("theirs"),
            proxy.address(),
            proxy.port(),
            proxy.meta(),
            proxy.marks(),
            proxy.proxy(),
            proxy.checks());
    replace(web.with(web.role(), Optional.of(other)));
  }

  /** The servers hold what the agent holds. */
  private void sync() {
    SortedMap<String, Marks> marks = new TreeMap<>();
    for (Registration one : agent.holds().registrations()) {
      marks.put(one.id().value(), one.marks());
      one.sidecar().ifPresent(proxy -> marks.put(one.id().sidecar(), proxy.marks()));
    }
    book.catalog(new NodeServices(7, true, new TreeSet<>(marks.keySet()), marks), NOW);
  }

  private Condition told(String name, Kind kind) {
    Status idle = new Status(List.of(), 0, new TreeSet<>(), List.of(), List.of(), new TreeSet<>());
    return book.told(idle, Asked.NOBODY, NOW).entries().stream()
        .filter(entry -> entry.id().contains("." + name + "."))
        .map(EntryConditions::conditions)
        .flatMap(List::stream)
        .filter(condition -> condition.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private void isLeft(Kind kind, String reason) {
    assertThat(told("web", kind).truth()).isEqualTo(Truth.FALSE);
    assertThat(told("web", kind).reason()).isEqualTo(reason);
    assertThat(told("web", kind).nextTry()).isEmpty();
  }

  private void isSo(String name, Kind... kinds) {
    for (Kind kind : kinds) {
      assertThat(told(name, kind).truth())
          .describedAs("%s of %s", kind, name)
          .isEqualTo(Truth.TRUE);
    }
  }

  @Test
  void whatIsOnlyReportedIsNotRegisteredAsItIsWanted() {
    loop = with(Drift.REPORT);
    loop.turn();
    edit("theirs");
    loop.turn();
    sync();

    isLeft(
        Kind.AGENT_REGISTERED, "the agent holds it otherwise, and it is left so: drift is report");
    isLeft(
        Kind.CATALOG_CONVERGED, "the servers have it from the agent, where it is left otherwise");
    isSo("web", Kind.SIDECAR_REGISTERED);
    isSo("db", Kind.AGENT_REGISTERED, Kind.CATALOG_CONVERGED);
  }

  @Test
  void aSidecarThatIsLeftOtherwiseLeavesItsServiceWell() {
    loop = with(Drift.REPORT);
    loop.turn();
    editSidecar();
    loop.turn();
    sync();

    isLeft(
        Kind.SIDECAR_REGISTERED,
        "the agent holds it otherwise, and it is left so: drift is report");
    isSo("web", Kind.AGENT_REGISTERED);
  }

  @Test
  void whatIsWantedAgainAsItStandsIsWellAgain() {
    loop = with(Drift.REPORT);
    loop.turn();
    edit("theirs");
    loop.turn();
    files = all(file("shop", service("web", CONNECT, "tags = [\"new\"]\n"), service("db")));
    loop.turn();
    sync();

    isSo("web", Kind.AGENT_REGISTERED, Kind.SIDECAR_REGISTERED, Kind.CATALOG_CONVERGED);
  }

  @Test
  void whoeverIsGivenWayToIsTold() {
    loop.turn();
    for (int edits = 1; edits <= 3; edits++) {
      edit("edit" + edits);
      loop.turn();
    }
    sync();

    isLeft(
        Kind.AGENT_REGISTERED,
        "the agent holds it otherwise, and it is left so: changed by somebody else 3 times");
    isSo("web", Kind.SIDECAR_REGISTERED);
    isSo("db", Kind.AGENT_REGISTERED);
  }

  @Test
  void whatIsRemovedAgainAndAgainIsStillTold() {
    loop.turn();
    for (int edits = 1; edits <= 3; edits++) {
      agent.hold(new Observed(List.of(held(agent, "db")), List.of(), List.of()));
      agent.writes();
      loop.turn();
    }
    sync();

    String reason =
        "the agent does not hold it, and it is left so: removed by somebody else 3 times";
    isLeft(Kind.AGENT_REGISTERED, reason);
    isLeft(Kind.SIDECAR_REGISTERED, reason);
    assertThat(told("web", Kind.CATALOG_CONVERGED).truth()).isEqualTo(Truth.FALSE);
  }

  @Test
  void tagsThatAreKeptAreAsTheyAreWanted() {
    loop = with(Drift.KEEP_TAGS);
    loop.turn();
    for (int edits = 1; edits <= 4; edits++) {
      edit("edit" + edits);
      loop.turn();
    }
    sync();

    isSo("web", Kind.AGENT_REGISTERED, Kind.SIDECAR_REGISTERED, Kind.CATALOG_CONVERGED);
  }
}
