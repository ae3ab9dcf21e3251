package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.CONNECT;
import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.held;
import static dev.connectbridge.reconcile.Shop.id;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.service;
import static dev.connectbridge.reconcile.Shop.some;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Observed.Orphan;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Ticker;
import dev.connectbridge.testing.FakeAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lists that are shorter than what the agent holds. */
class SightTest {
  private static final Snapshot TWO =
      all(file("shop", service("web", CONNECT), service("cart").replace("9001", "9002")));

  private static final SortedMap<String, String> NOTHING = new TreeMap<>();

  private final FakeAgent agent = new FakeAgent();
  private final List<Duration> pauses = new ArrayList<>();
  private Runnable onPause = () -> {};
  private Duration now = Duration.ZERO;
  private final Ticker ticker =
      new Ticker() {
        @Override
        public Duration now() {
          return now;
        }

        @Override
        public void pause(Duration time) {
          pauses.add(time);
          onPause.run();
        }
      };
  private final Reconciler reconciler =
      new Reconciler(agent, Settings.of("default"), Shop.memory(), Optional.empty(), ticker);

  private Duration waited() {
    return pauses.stream().reduce(Duration.ZERO, Duration::plus);
  }

  @Test
  void whereNothingIsMissingOneLookIsAll() {
    reconciler.pass(TWO);
    agent.writes();

    reconciler.pass(TWO);

    assertThat(agent.trace()).containsExactly("observe");
    assertThat(pauses).isEmpty();
  }

  @Test
  void aListThatIsShortForAMomentIsNotWrittenFrom() {
    reconciler.pass(TWO);
    for (int looks = 1; looks <= 3; looks++) {
      agent.writes();
      agent.hide(looks, id(agent, "web"), id(agent, "cart"));

      Outcome outcome = reconciler.pass(TWO);

      assertThat(outcome.done()).isTrue();
      assertThat(agent.writes()).as("%d short looks", looks).isEmpty();
    }
  }

  private Reconciler another() {
    return new Reconciler(agent, Settings.of("default"), Shop.memory(), Optional.empty(), ticker);
  }

  @Test
  void whoHasJustBegunLooksOnceWhereTheServersKnowOfNoMore() {
    reconciler.pass(all(file("shop", service("web", CONNECT))));
    agent.writes();

    assertThat(another().pass(TWO).plan().changes()).hasSize(1);
    assertThat(pauses).isEmpty();
  }

  @Test
  void whoHasJustBegunDoesNotWriteByAListThatIsShortForAMoment() {
    reconciler.pass(TWO);
    for (int looks = 1; looks <= 3; looks++) {
      agent.writes();
      agent.hide(looks, id(agent, "web"), id(agent, "cart"));

      assertThat(another().pass(TWO).done()).isTrue();
      assertThat(agent.writes()).as("%d short looks", looks).isEmpty();
    }
  }

  private static Snapshot jobs(int count) {
    return all(
        IntStream.range(0, count)
            .mapToObj(i -> file("job" + i, service("s" + i).replace("9001", "900" + i)))
            .toArray(Snapshot.File[]::new));
  }

  @Test
  void whoHasJustBegunJudgesRemovalsByTheWholeList() {
    reconciler.pass(jobs(4));
    agent.writes();
    agent.hide(2, id(agent, "s0"), id(agent, "s1"), id(agent, "s2"));

    assertThat(another().pass(jobs(1)).withheld().orElseThrow().groups()).hasSize(3);
    assertThat(agent.writes()).isEmpty();
  }

  /** Found by history 900113577: servers that are behind vouched for a list without a sidecar. */
  @Test
  void whoHasJustBegunRemovesByWhatTheAgentListsWhateverItsServersSay() {
    reconciler.pass(all(file("shop", service("web", CONNECT))));
    Snapshot.File more = file("more", service("more").replace("9001", "9003"));
    String web = id(agent, "web");
    agent.leaveServersBehind();
    agent.hide(2, web + "-sidecar-proxy");
    Reconciler next = another();
    next.pass(some(more));
    agent.writes();

    next.pass(all(more));

    assertThat(agent.writes())
        .filteredOn(write -> write.startsWith("deregister "))
        .containsExactly("deregister " + web + "-sidecar-proxy", "deregister " + web);
  }

  /** Found by history 1000049145: what a token that nobody knows did not list was forgotten. */
  @Test
  void whatIsMissingForATokenThatNobodyKnowsIsMissedLaterAsWell() {
    Snapshot.File more = file("more", service("more").replace("9001", "9003"));
    reconciler.pass(all(file("shop", service("web", CONNECT)), more));
    String web = id(agent, "web");
    agent.fail("hidden", Kind.FORBIDDEN);
    agent.fail("register " + web, Kind.FORBIDDEN);
    agent.fail("holds " + web, Kind.FORBIDDEN);
    agent.hide(100, web);
    Outcome outcome = reconciler.pass(all(file("shop", service("web", CONNECT)), more));
    assertThat(outcome.failures()).extracting(Failure::id).containsExactly(web);
    agent.heal();
    agent.hide(2, web + "-sidecar-proxy");
    agent.writes();

    reconciler.pass(all(more));

    assertThat(agent.writes())
        .filteredOn(write -> write.startsWith("deregister "))
        .containsExactly("deregister " + web + "-sidecar-proxy", "deregister " + web);
  }

  @Test
  void nothingIsRemovedWhileItCannotBeLearntWhatTheTokenMaySee() {
    reconciler.pass(TWO);
    agent.writes();
    agent.fail("hidden", Kind.BROKEN);

    reconciler.pass(all(file("shop", service("web", CONNECT))));

    assertThat(agent.writes()).isEmpty();
    assertThat(reconciler.withheld().orElseThrow().why()).contains("could not be learnt");
    agent.heal();
    reconciler.pass(all(file("shop", service("web", CONNECT))));
    assertThat(agent.writes()).hasSize(1);
  }

  @Test
  void whoeverAnswersThatLikeAStrangerSaysNothingByIt() {
    reconciler.pass(TWO);
    agent.writes();
    agent.fail("hidden", Kind.GARBLED);

    reconciler.pass(all(file("shop", service("web", CONNECT))));

    assertThat(agent.writes()).hasSize(1);
  }

  @Test
  void whoFailedAfterItsFirstLookHasJustBegunAsWell() {
    reconciler.pass(jobs(4));
    Reconciler next = another();
    agent.hide(2, id(agent, "s0"));
    onPause = () -> agent.fail("facts", Kind.BROKEN);
    assertThat(next.pass(jobs(1)).done()).isFalse();
    agent.heal();
    onPause = () -> {};
    agent.hide(2, id(agent, "s0"), id(agent, "s1"), id(agent, "s2"));
    agent.writes();

    assertThat(next.pass(all()).withheld().orElseThrow().groups()).hasSize(4);
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void whoOnlyComparesSeesTheWholeList() throws Exception {
    reconciler.pass(TWO);
    agent.hide(2, id(agent, "web"));

    assertThat(another().look(TWO).plan().isEmpty()).isTrue();
  }

  @Test
  void whoIsOvertakenDoesNotKnowAnyMoreWhatIsThere() {
    reconciler.pass(TWO);
    Observed whole = agent.holds();
    agent.hold(Observed.NOTHING);
    whole.registrations().forEach(one -> agent.fail("register " + one.id().value(), Kind.OUTDATED));
    reconciler.pass(TWO);
    now = Duration.ofMinutes(20);
    agent.heal();
    agent.hold(whole);
    agent.hide(3, id(agent, "web"), id(agent, "cart"));
    agent.writes();

    assertThat(reconciler.pass(TWO).done()).isTrue();
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void anAgentThatCameBackIsNotWrittenByAShortList() {
    reconciler.pass(TWO);
    agent.goAway();
    reconciler.pass(TWO);
    agent.heal();
    agent.hide(3, id(agent, "web"), id(agent, "cart"));
    agent.writes();

    reconciler.pass(
        all(
            file("shop", service("web", CONNECT), service("cart").replace("9001", "9002")),
            file("more", service("more").replace("9001", "9003"))));

    assertThat(agent.writes()).containsExactly("register " + id(agent, "more"));
  }

  @Test
  void nothingNewIsWrittenOverAStrangerThatIsNotListedForAMoment() {
    FakeAgent elsewhere = new FakeAgent();
    Snapshot more = all(TWO.files().get(0), file("more", service("more").replace("9001", "9003")));
    Shop.reconciler(elsewhere).pass(more);
    String id = id(elsewhere, "more");
    reconciler.pass(TWO);
    agent.hold(
        new Observed(
            agent.holds().registrations(), List.of(), List.of(new Foreign(id, "theirs", 7))));
    agent.hide(3, id);
    agent.writes();

    assertThat(reconciler.pass(more).plan().isContested()).isTrue();
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void serversAreAskedForTheAgentsOwnNodeWhateverSpecsCallItAndWhateverItWasCalledBefore() {
    Settings named =
        new Settings(
            "default",
            new Node("", "as specs see it", "", "", NOTHING, NOTHING, NOTHING),
            Situation.DEFAULT_MIN_PORT,
            Situation.DEFAULT_MAX_PORT,
            Choices.NONE);
    Reconciler other = new Reconciler(agent, named, Shop.memory(), Optional.empty(), ticker);
    Snapshot more = all(TWO.files().get(0), file("more", service("more").replace("9001", "9003")));
    for (String name : List.of("node-1", "renamed")) {
      other.pass(TWO);
      agent.be(new AgentFacts(name, "node-id", "dc1", "1.8.7", "10.0.0.1", 21000, 21255));
      FakeAgent elsewhere = new FakeAgent();
      Shop.reconciler(elsewhere).pass(more);
      String id = id(elsewhere, "more");
      agent.hold(
          new Observed(
              agent.holds().registrations(), List.of(), List.of(new Foreign(id, "theirs", 7))));
      agent.hide(3, id);
      agent.writes();

      assertThat(other.pass(more).plan().isContested()).as(name).isTrue();
      assertThat(agent.writes()).isEmpty();
    }
  }

  @Test
  void norIsASidecarDroppedByIt() {
    reconciler.pass(all(file("shop", service("web", CONNECT))));
    agent.goAway();
    reconciler.pass(all(file("shop", service("web", CONNECT))));
    agent.heal();
    agent.hide(3, id(agent, "web"));
    agent.writes();

    reconciler.pass(all(file("shop", service("web"))));

    String web = id(agent, "web");
    assertThat(agent.writes())
        .containsExactly("deregister " + web + "-sidecar-proxy", "register " + web);
  }

  @Test
  void aSidecarThatIsNotListedForAMomentIsNotWrittenAgain() {
    Snapshot web = all(file("shop", service("web", CONNECT)));
    reconciler.pass(web);
    agent.writes();
    Registration whole = agent.holds().registrations().get(0);
    agent.hold(new Observed(List.of(whole.withoutSidecar()), List.of(), List.of()));
    onPause = () -> agent.hold(new Observed(List.of(whole), List.of(), List.of()));

    assertThat(reconciler.pass(web).done()).isTrue();
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void aStrangerThatIsNotListedForAMomentIsNotWrittenOver() {
    reconciler.pass(TWO);
    String web = id(agent, "web");
    Observed taken =
        new Observed(
            agent.holds().registrations().stream()
                .filter(one -> !one.id().value().equals(web))
                .toList(),
            List.of(),
            List.of(new Foreign(web, "theirs", 7)));
    agent.hold(taken);
    assertThat(reconciler.pass(TWO).plan().isContested()).isTrue();
    agent.writes();
    agent.hold(new Observed(taken.registrations(), List.of(), List.of()));
    onPause = () -> agent.hold(taken);

    assertThat(reconciler.pass(TWO).plan().isContested()).isTrue();
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void aListThatChangesIsLookedAtUntilItRests() {
    reconciler.pass(TWO);
    String web = id(agent, "web");
    String cart = id(agent, "cart");
    agent.writes();
    agent.hide(100, web, cart);
    List<String> lists = new ArrayList<>(List.of(web, cart, web, cart, web));
    onPause =
        () -> {
          if (lists.isEmpty()) {
            agent.hide(0);
          } else {
            agent.hide(100, lists.remove(0));
          }
        };

    reconciler.pass(TWO);

    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void whatIsMissingInEveryLookIsWrittenAgainAfterAThirdOfASecond() {
    reconciler.pass(TWO);
    Observed before = agent.holds();
    agent.hold(Observed.NOTHING);

    reconciler.pass(TWO);

    assertThat(agent.holds()).isEqualTo(before);
    assertThat(waited()).isEqualTo(Duration.ofMillis(300));
  }

  @Test
  void anAgentThatWasAwayAndComesBackEmptyIsFilledAfterAThirdOfASecondAsWell() {
    reconciler.pass(TWO);
    agent.goAway();
    reconciler.pass(TWO);
    agent.heal();
    agent.hold(Observed.NOTHING);

    reconciler.pass(TWO);

    assertThat(names(agent)).hasSize(2);
    assertThat(waited()).isEqualTo(Duration.ofMillis(300));
  }

  @Test
  void whatMayHaveBeenWrittenIsLookedForAgainBeforeItIsWrittenOnceMore() {
    reconciler.pass(TWO);
    Observed both = agent.holds();
    String cart = id(agent, "cart");
    agent.hold(Observed.NOTHING);
    agent.fail("register " + cart, Kind.TIMEOUT);
    reconciler.pass(TWO);
    agent.heal();
    agent.hold(both);
    agent.hide(1, cart);
    agent.writes();

    assertThat(reconciler.pass(TWO).done()).isTrue();
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void theSidecarOfWhatIsWantedNoMoreIsMissedAsWell() {
    reconciler.pass(
        all(
            IntStream.range(1, 5)
                .mapToObj(i -> file("j" + i, service("s" + i, CONNECT).replace("9001", "900" + i)))
                .toArray(Snapshot.File[]::new)));
    Reconciler next =
        new Reconciler(agent, Settings.of("default"), Shop.memory(), Optional.empty(), ticker);
    Withheld all = next.pass(all()).withheld().orElseThrow();
    Observed whole = agent.holds();
    agent.writes();
    agent.hold(
        new Observed(
            whole.registrations().stream().map(Registration::withoutSidecar).toList(),
            List.of(),
            List.of()));
    onPause = () -> agent.hold(whole);
    var unused = next.approve(all.digest());

    next.pass(all());

    assertThat(agent.writes().get(0)).endsWith("-sidecar-proxy");
  }

  @Test
  void theSidecarOfWhatCouldNotBeRemovedIsMissedToo() {
    Snapshot web = all(file("shop", service("web", CONNECT)));
    reconciler.pass(web);
    Registration whole = agent.holds().registrations().get(0);
    agent.fail("deregister " + whole.id().sidecar(), Kind.BROKEN);
    reconciler.pass(all());
    agent.heal();
    agent.writes();
    agent.hold(new Observed(List.of(whole.withoutSidecar()), List.of(), List.of()));
    onPause = () -> agent.hold(new Observed(List.of(whole), List.of(), List.of()));

    reconciler.pass(all());

    assertThat(agent.writes().get(0)).endsWith("-sidecar-proxy");
  }

  @Test
  void anAgentThatWasAwayAndListsSomeIsLookedAtAgain() {
    reconciler.pass(TWO);
    agent.goAway();
    reconciler.pass(TWO);
    agent.heal();
    agent.writes();
    agent.hide(1, id(agent, "cart"));

    assertThat(reconciler.pass(TWO).done()).isTrue();
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void anEntryThatTheAgentHoldsAndDoesNotListIsNotWritten() {
    reconciler.pass(TWO);
    agent.writes();
    agent.hide(100, id(agent, "web"));

    Outcome outcome = reconciler.pass(TWO);

    assertThat(agent.writes()).isEmpty();
    assertThat(outcome.failures())
        .singleElement()
        .extracting(failure -> failure.error().kind())
        .isEqualTo(Kind.GARBLED);
  }

  @Test
  void aListThatNeverRestsIsNotWrittenFrom() {
    reconciler.pass(TWO);
    String web = id(agent, "web");
    String cart = id(agent, "cart");
    agent.writes();
    agent.hide(1000, web);
    onPause = () -> agent.hide(1000, pauses.size() % 2 == 0 ? web : cart);

    Outcome outcome = reconciler.pass(TWO);

    assertThat(agent.writes()).isEmpty();
    assertThat(outcome.failures()).hasSize(1);
    assertThat(agent.count("observe")).isLessThan(60);
  }

  @Test
  void aTokenThatMayNotSeeAnEntryMakesItNeitherMissingNorGone() {
    reconciler.pass(TWO);
    agent.writes();
    agent.forbid("web");

    Outcome outcome = reconciler.pass(TWO);
    Outcome again = reconciler.pass(TWO);

    assertThat(agent.writes()).isEmpty();
    assertThat(outcome.failures()).singleElement().extracting(Failure::id).isEqualTo(web());
    assertThat(again.failures()).hasToString(outcome.failures().toString());
    assertThat(outcome.failures().toString()).contains("service:read on \"web\"");
  }

  private String web() {
    return held(agent, "web").id().value();
  }

  @Test
  void nothingIsRemovedByAListThatIsCut() {
    reconciler.pass(TWO);
    agent.forbid("web");

    Outcome outcome = reconciler.pass(all(file("shop", service("web", CONNECT))));

    assertThat(names(agent)).containsExactly("cart", "web");
    assertThat(outcome.withheld().orElseThrow().why()).contains("may not see web");
    assertThat(outcome.withheld().orElseThrow().consentable()).isFalse();
  }

  @Test
  void aSidecarWhoseServiceMayNotBeSeenIsNoOrphan() {
    reconciler.pass(TWO);
    Registration web = held(agent, "web");
    agent.hold(
        new Observed(
            List.of(),
            List.of(
                new Orphan(
                    web.id().sidecar(),
                    "web-sidecar-proxy",
                    web.sidecar().orElseThrow().port(),
                    web.marks())),
            List.of()));
    agent.fail("holds " + web.id(), Kind.FORBIDDEN);
    agent.writes();

    Shop.reconciler(agent).pass(all());
    assertThat(agent.writes()).isEmpty();

    agent.heal();
    Shop.reconciler(agent).pass(all());
    assertThat(agent.writes()).containsExactly("deregister " + web.id().sidecar());
  }

  @Test
  void norIsASidecarThatIsNewToItsServiceWrittenOverOne() {
    Snapshot web = all(file("shop", service("web")));
    reconciler.pass(web);
    String sidecar = id(agent, "web") + "-sidecar-proxy";
    agent.hold(
        new Observed(
            agent.holds().registrations(), List.of(), List.of(new Foreign(sidecar, "theirs", 7))));
    agent.hide(3, sidecar);
    agent.writes();

    assertThat(reconciler.pass(all(file("shop", service("web", CONNECT)))).plan().isContested())
        .isTrue();
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void whatOthersWriteMeanwhileDoesNotKeepOursFromBeingWritten() {
    reconciler.pass(TWO);
    Observed ours = agent.holds();
    int[] count = {0};
    agent.loseServers();
    onPause =
        () -> {
          String theirs = "_connect-bridge-theirs" + count[0]++ + ".g-x-http";
          agent.hold(
              new Observed(
                  ours.registrations(), List.of(), List.of(new Foreign(theirs, "theirs", 7))));
        };
    agent.writes();

    Outcome outcome =
        reconciler.pass(
            all(TWO.files().get(0), file("more", service("more").replace("9001", "9003"))));

    assertThat(outcome.done()).isTrue();
  }

  @Test
  void norDoesWhatAnotherOwnerWritesWhileSomebodyBegins() {
    FakeAgent elsewhere = new FakeAgent();
    Shop.reconciler(elsewhere, "other").pass(TWO);
    List<Observed> theirs = List.of(elsewhere.holds(), Observed.NOTHING);
    int[] count = {0};
    agent.loseServers();
    onPause = () -> agent.hold(theirs.get(count[0]++ % 2));

    assertThat(another().pass(all(file("more", service("more").replace("9001", "9003")))).done())
        .isTrue();
    assertThat(waited()).isEqualTo(Duration.ofMillis(300));
  }

  @Test
  void whatIsRefusedIsNotLookedForInEveryPass() {
    Reconciler parking =
        new Reconciler(
            agent, Settings.of("default"), Memory.of(Shop.memory()), Optional.empty(), ticker);
    Snapshot web = all(file("shop", service("web")));
    parking.pass(web);
    String id = id(agent, "web");
    agent.hold(Observed.NOTHING);
    agent.fail("register " + id, Kind.REFUSED);
    parking.pass(web);
    parking.pass(web);
    agent.writes();
    pauses.clear();
    int before = agent.questionsToServers();

    parking.pass(web);

    assertThat(agent.questionsToServers()).isEqualTo(before);
  }
}
