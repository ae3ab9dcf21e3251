package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.CONNECT;
import static dev.connectbridge.reconcile.Shop.WITHOUT_WAITING;
import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.held;
import static dev.connectbridge.reconcile.Shop.memory;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.OurAgent;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.FakeAgent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was given away, over the lives of a bridge. */
class ReleaseTest {
  private static final Snapshot SHOP = all(file("shop", service("web", CONNECT)));

  private final FakeAgent agent = new FakeAgent();
  private final PortMemory ports = memory();
  private SortedMap<String, String> disk = new TreeMap<>();
  private Reconciler reconciler = born();
  private String web;

  private Reconciler born() {
    return new Reconciler(
        agent,
        Settings.of("default"),
        new Memory(
            ports, new Releases(disk, now -> disk = new TreeMap<>(now)), OurAgent.ofProcess()),
        Optional.empty(),
        WITHOUT_WAITING);
  }

  @BeforeEach
  void release() {
    reconciler.pass(SHOP);
    web = held(agent, "web").id().value();
    var unused = reconciler.release("shop/api[0]");
    reconciler.pass(SHOP);
    agent.writes();
  }

  private void restsWith(Snapshot snapshot) {
    Outcome outcome = reconciler.pass(snapshot);
    assertThat(outcome.done()).isTrue();
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void theNextProcessKnowsIt() {
    reconciler = born();

    restsWith(SHOP);
    assertThat(disk).containsOnlyKeys(web);
  }

  @Test
  void aFileThatMovesChangesNothing() {
    Snapshot.File moved = file("shop", service("web", CONNECT));
    reconciler = born();

    restsWith(all());
    restsWith(all(new Snapshot.File("elsewhere/shop.hcl", moved.jobs(), List.of(), List.of())));
    assertThat(disk).containsOnlyKeys(web);
  }

  @Test
  void whoeverHasItMayRemoveIt() {
    agent.hold(Observed.NOTHING);

    restsWith(SHOP);
    reconciler = born();
    restsWith(SHOP);
    assertThat(reconciler.pass(SHOP).held()).isEmpty();
  }

  @Test
  void anotherSpecTakesItBack() {
    agent.hold(Observed.NOTHING);
    reconciler = born();

    reconciler.pass(all(file("shop", service("web", CONNECT, "tags = [\"new\"]\n"))));

    assertThat(names(agent)).containsExactly("web");
    assertThat(disk).isEmpty();
  }

  @Test
  void toForgetItEndsIt() {
    reconciler = born();
    var unused = reconciler.forget(web);

    assertThat(reconciler.pass(SHOP).plan().conflicts()).hasSize(1);
    assertThat(disk).isEmpty();
  }

  @Test
  void toAdoptItTakesItBack() {
    reconciler = born();
    restsWith(SHOP);
    var adopted = reconciler.adopt(web);

    reconciler.pass(SHOP);

    assertThat(adopted).isCompletedWithValue(List.of(web));
    assertThat(names(agent)).containsExactly("web");
    assertThat(disk).isEmpty();
  }

  @Test
  void whatIsNeitherWantedNorThereAnyMoreIsForgotten() {
    agent.hold(Observed.NOTHING);

    restsWith(all());

    assertThat(disk).isEmpty();
  }

  @Test
  void aDiskThatIsFullKeepsNobodyFromReleasing() {
    reconciler =
        new Reconciler(
            agent,
            Settings.of("default"),
            new Memory(
                memory(),
                new Releases(
                    new TreeMap<>(),
                    now -> {
                      throw new UncheckedIOException(new IOException("full"));
                    }),
                OurAgent.ofProcess()),
            Optional.empty(),
            WITHOUT_WAITING);
    var adopted = reconciler.adopt(web);
    reconciler.pass(SHOP);
    agent.writes();
    var released = reconciler.release(web);

    restsWith(SHOP);

    assertThat(adopted).isCompleted();
    assertThat(released.join()).hasSize(2);
  }
}
