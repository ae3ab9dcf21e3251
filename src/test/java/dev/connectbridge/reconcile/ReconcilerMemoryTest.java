package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.CONNECT;
import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.brokenFile;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.held;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.reconciler;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.FakeAgent;
import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is known from pass to pass, and from one process to the next. */
class ReconcilerMemoryTest {
  private static final Snapshot SHOP = all(file("shop", service("web", CONNECT)));

  private final FakeAgent agent = new FakeAgent();
  private final List<SortedMap<String, Integer>> journal = new ArrayList<>();

  private Reconciler remembering(SortedMap<String, Integer> known) {
    return new Reconciler(
        agent, Settings.of("default"), new PortMemory(TreeSet::new, known, journal::add));
  }

  private int port() {
    return held(agent, "web").sidecar().orElseThrow().port();
  }

  @Test
  void aSidecarThatIsNoLongerSaidStaysWhileItsFileCannotBeRead() {
    Reconciler reconciler = reconciler(agent);
    Snapshot plain = all(file("shop", service("web")));
    reconciler.pass(SHOP);
    agent.fail("deregister " + held(agent, "web").id().sidecar(), Kind.BROKEN);
    reconciler.pass(plain);
    agent.heal();
    agent.writes();

    reconciler.pass(all(brokenFile("shop")));
    reconciler.pass(new Snapshot(plain.files(), false, List.of()));
    assertThat(agent.writes()).isEmpty();

    reconciler.pass(plain);
    assertThat(held(agent, "web").sidecar()).isEmpty();
  }

  @Test
  void aNewBridgeTakesThePortsFromTheAgent() {
    reconciler(agent).pass(SHOP);
    int before = port();
    agent.writes();

    new Reconciler(
            agent,
            new Settings("default", Specs.NODE, before + 1, before + 100, Choices.NONE),
            Shop.memory())
        .pass(SHOP);

    assertThat(agent.writes()).isEmpty();
    assertThat(port()).isEqualTo(before);
  }

  @Test
  void whereTheAgentIsEmptyThePortsComeFromTheJournal() {
    remembering(new TreeMap<>()).pass(SHOP);
    SortedMap<String, Integer> kept = new TreeMap<>(journal.get(0));
    kept.replaceAll((key, port) -> 31999);
    agent.hold(Observed.NOTHING);

    remembering(kept).pass(SHOP);

    assertThat(port()).isEqualTo(31999);
  }

  @Test
  void theAgentKnowsBetterThanTheJournal() {
    remembering(new TreeMap<>()).pass(SHOP);
    int before = port();
    SortedMap<String, Integer> kept = new TreeMap<>(journal.get(0));
    kept.replaceAll((key, port) -> 31999);

    remembering(kept).pass(SHOP);

    assertThat(port()).isEqualTo(before);
  }

  @Test
  void thePortOfABrokenFileIsKept() {
    Reconciler reconciler = remembering(new TreeMap<>());
    reconciler.pass(SHOP);
    int before = port();
    agent.hold(Observed.NOTHING);
    reconciler.pass(all(brokenFile("shop")));
    agent.hold(Observed.NOTHING);

    remembering(journal.get(journal.size() - 1)).pass(SHOP);

    assertThat(port()).isEqualTo(before);
  }

  @Test
  void theJournalIsWrittenOnlyWhenPortsChange() {
    Reconciler reconciler = remembering(new TreeMap<>());
    reconciler.pass(SHOP);
    reconciler.pass(SHOP);
    assertThat(journal).hasSize(1);

    reconciler.pass(all());

    assertThat(journal).hasSize(2).last().isEqualTo(new TreeMap<>());
  }

  @Test
  void aJournalThatCannotBeWrittenStopsNothing() {
    Reconciler reconciler =
        new Reconciler(
            agent,
            Settings.of("default"),
            new PortMemory(
                TreeSet::new,
                new TreeMap<>(),
                ports -> {
                  throw new UncheckedIOException(new IOException("No space left on device"));
                }));

    Outcome outcome = reconciler.pass(SHOP);

    assertThat(outcome.done()).isTrue();
    assertThat(names(agent)).containsExactly("web");
  }

  @Test
  void consulsOwnSidecarPortsAreNotGiven() {
    agent.be(new AgentFacts("node-1", "node-id", "dc1", "1.8.7", "10.0.0.1", 20000, 31998));

    reconciler(agent).pass(SHOP);

    assertThat(port()).isBetween(31999, 32000);
  }

  @Test
  void aPortThatSomebodyListensOnIsNotGiven() {
    TreeSet<Integer> busy = new TreeSet<>();
    for (int port = Situation.DEFAULT_MIN_PORT; port < Situation.DEFAULT_MAX_PORT; port++) {
      busy.add(port);
    }

    new Reconciler(agent, Settings.of("default"), PortMemory.ofProcess(() -> busy)).pass(SHOP);

    assertThat(port()).isEqualTo(Situation.DEFAULT_MAX_PORT);
  }

  @Test
  void whereTheAgentMayNotBeAskedWhoItIsTheConfigurationCounts() {
    agent.fail("facts", Kind.FORBIDDEN);

    Outcome outcome =
        new Reconciler(
                agent,
                new Settings("default", Specs.NODE, 20000, 32000, Choices.NONE),
                Shop.memory())
            .pass(SHOP);

    assertThat(outcome.done()).isTrue();
    assertThat(held(agent, "web").sidecar().orElseThrow().address()).isEqualTo("10.0.0.1");
  }

  @Test
  void withoutAnyAddressTheAuthorIsToldWhatToSet() {
    agent.fail("facts", Kind.FORBIDDEN);

    Outcome outcome = reconciler(agent).pass(SHOP);

    assertThat(agent.writes()).isEmpty();
    assertThat(outcome.desired().problems().toString()).contains("node.address");
  }

  @Test
  void whoTheAgentIsIsAskedOnceAndAgainAfterItWasAway() {
    Reconciler reconciler = reconciler(agent);
    reconciler.pass(SHOP);
    reconciler.pass(SHOP);
    assertThat(agent.count("facts")).isEqualTo(1);
    agent.goAway();
    assertThat(reconciler.pass(SHOP).failures()).hasSize(1);
    agent.heal();
    agent.be(new AgentFacts("node-1", "node-id", "dc1", "1.8.7", "10.0.0.99", 21000, 21255));

    reconciler.pass(SHOP);

    assertThat(held(agent, "web").sidecar().orElseThrow().address()).isEqualTo("10.0.0.99");
  }

  @Test
  void whoTheAgentIsIsAskedAgainAfterItWentAwayBetweenTwoWrites() {
    Reconciler reconciler = reconciler(agent);
    reconciler.pass(SHOP);
    String web = Shop.id(agent, "web");
    agent.hold(Observed.NOTHING);
    agent.fail("register " + web, Kind.UNREACHABLE);
    reconciler.pass(SHOP);
    agent.heal();

    reconciler.pass(SHOP);

    assertThat(agent.count("facts")).isEqualTo(3);
    assertThat(names(agent)).containsExactly("web");
  }
}
