package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.CONNECT;
import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.held;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.reconciler;
import static dev.connectbridge.reconcile.Shop.service;
import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Plan.Conflict;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Orphan;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.FakeAgent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Entries of ours, or half of them, that others take away. */
class TakenAwayTest {
  private static final Snapshot.File WEB = file("shop", service("web", CONNECT));

  private final FakeAgent agent = new FakeAgent();
  private final Reconciler reconciler = reconciler(agent);
  private final Snapshot shops = shops(4);

  private static Snapshot shops(int count) {
    return all(
        IntStream.range(0, count)
            .mapToObj(i -> file("job" + i, service("s" + i).replace("9001", "" + (9001 + i))))
            .toArray(Snapshot.File[]::new));
  }

  private void remove(String... services) throws AgentException {
    for (String service : services) {
      agent.deregister(held(agent, service).id().value());
    }
    agent.writes();
    reconciler.pass(shops);
  }

  private void fight() throws AgentException {
    reconciler.pass(shops);
    remove("s1");
    remove("s1");
    assertThat(names(agent)).hasSize(4);
    remove("s1");
  }

  @Test
  void whoeverRemovesItAThirdTimeIsGivenWayTo() throws Exception {
    fight();

    assertThat(names(agent)).containsExactly("s0", "s2", "s3");
    assertThat(reconciler.fights().values()).containsExactly("removed by somebody else 3 times");
    Outcome outcome = reconciler.pass(shops);
    assertThat(agent.writes()).isEmpty();
    assertThat(outcome.held()).hasSize(3);
    assertThat(reconciler.fights()).hasSize(1);
  }

  @Test
  void whatWasNotEvenTriedIsNotRemovedAgain() throws Exception {
    reconciler.pass(shops);
    List<Registration> two =
        agent.holds().registrations().stream()
            .sorted(comparing(Registration::id))
            .limit(2)
            .toList();
    for (Registration one : two) {
      agent.deregister(one.id().value());
    }
    agent.fail("register " + two.get(0).id(), Kind.NOT_SENT);
    for (int times = 0; times < 4; times++) {
      reconciler.pass(shops);
    }
    agent.heal();

    assertThat(reconciler.pass(shops).done()).isTrue();

    assertThat(names(agent)).hasSize(4);
    assertThat(reconciler.fights()).isEmpty();
  }

  @Test
  void aSidecarThatIsLeftOfItGoes() throws Exception {
    Snapshot all = fightThatLeavesASidecar();

    reconciler.pass(all);

    assertThat(reconciler.fights()).hasSize(1);
    assertThat(agent.holds().orphans()).isEmpty();
    assertThat(names(agent)).containsExactly("api");
  }

  /** Found by history 1310021503. */
  @Test
  void notAtAnAgentThatIsAnotherOneByThen() {
    Snapshot all = fightThatLeavesASidecar();
    agent.be(new AgentFacts("node-2", "other-id", "dc1", "1.8.7", "10.0.0.1", 21000, 21255));

    reconciler.pass(all);

    assertThat(reconciler.fights()).hasSize(1);
    assertThat(agent.holds().orphans()).hasSize(1);
  }

  private Snapshot fightThatLeavesASidecar() {
    Snapshot all = all(WEB, file("api", service("api").replace("9001", "9002")));
    for (int times = 0; times < 3; times++) {
      reconciler.pass(all);
      Registration web = held(agent, "web");
      agent.hold(
          new Observed(
              List.of(held(agent, "api")),
              List.of(new Orphan(web.id().sidecar(), "web-sidecar-proxy", 1, web.marks())),
              List.of()));
    }
    return all;
  }

  @Test
  void itIsWrittenAgainWhenSomebodySaysSoOrItsSpecChanges() throws Exception {
    fight();
    var adopted = reconciler.adopt(reconciler.fights().firstKey());
    reconciler.pass(shops);
    assertThat(adopted).isCompleted();
    assertThat(names(agent)).hasSize(4);

    remove("s1");
    remove("s1");
    remove("s1");
    assertThat(names(agent)).hasSize(3);
    List<Snapshot.File> files = new ArrayList<>(shops.files());
    files.remove(1);
    reconciler.pass(new Snapshot(files, true, List.of()));
    reconciler.pass(shops);
    assertThat(names(agent)).hasSize(4);
    assertThat(reconciler.fights()).isEmpty();
  }

  @Test
  void anAgentThatLosesMuchAtOnceIsNobody() throws Exception {
    reconciler.pass(shops);
    for (int times = 0; times < 4; times++) {
      remove("s0", "s1", "s2");
      agent.hold(Observed.NOTHING);
      reconciler.pass(shops);
    }

    assertThat(names(agent)).hasSize(4);
    assertThat(reconciler.fights()).isEmpty();
  }

  @Test
  void anAgentThatWasAwayIsNobody() throws Exception {
    reconciler.pass(shops);
    for (int times = 0; times < 4; times++) {
      agent.fail("observe", Kind.UNREACHABLE);
      reconciler.pass(shops);
      agent.heal();
      remove("s1");
    }

    assertThat(names(agent)).hasSize(4);
  }

  private void strangersSidecar(Marks marks) {
    Registration web = held(agent, "web");
    Sidecar own = web.sidecar().orElseThrow();
    Sidecar theirs =
        new Sidecar(
            List.of("theirs"),
            own.address(),
            own.port(),
            own.meta(),
            marks,
            own.proxy(),
            own.checks());
    agent.hold(
        new Observed(
            List.of(
                new Registration(
                    web.id(),
                    web.name(),
                    web.tags(),
                    web.enableTagOverride(),
                    web.address(),
                    web.port(),
                    web.taggedAddresses(),
                    web.weights(),
                    web.meta(),
                    web.marks(),
                    web.checks(),
                    web.role(),
                    Optional.of(theirs))),
            List.of(),
            List.of()));
    agent.writes();
  }

  @Test
  void aSidecarWithoutOurMarksIsAConflictAndLeftAlone() {
    reconciler.pass(all(WEB));
    String sidecar = held(agent, "web").id().sidecar();
    strangersSidecar(new Marks("", "", "", "", ""));

    Outcome outcome = reconciler.pass(all(WEB));

    assertThat(agent.writes()).isEmpty();
    assertThat(outcome.plan().conflicts())
        .extracting(Conflict::toString)
        .containsExactly(sidecar + " is registered by somebody else");
    assertThat(reconciler.fights()).isEmpty();
    var adopted = reconciler.adopt(held(agent, "web").id().value());
    assertThat(reconciler.pass(all(WEB)).done()).isTrue();
    assertThat(adopted).isCompleted();
    assertThat(held(agent, "web").sidecar().orElseThrow().tags()).isEmpty();
  }

  @Test
  void anotherOwnersSidecarIsAConflictThatNamesTheOwner() {
    reconciler.pass(all(WEB));
    strangersSidecar(new Marks("other", "g", "f", "h", ""));

    assertThat(reconciler.pass(all(WEB)).plan().conflicts())
        .singleElement()
        .asString()
        .endsWith("-sidecar-proxy belongs to owner \"other\", group g of f");
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void aStrangersSidecarIsNotEndedBecauseWeWantNone() {
    reconciler.pass(all(WEB));
    strangersSidecar(new Marks("", "", "", "", ""));

    Outcome outcome = reconciler.pass(all(file("shop", service("web", "tags = [\"new\"]\n"))));

    assertThat(outcome.done()).isTrue();
    assertThat(agent.writes()).singleElement().asString().startsWith("register ");
    assertThat(held(agent, "web").sidecar()).isPresent();
    assertThat(reconciler.pass(all(file("shop", service("web", "tags = [\"new\"]\n")))).plan())
        .isEqualTo(Plan.NOTHING);
  }
}
