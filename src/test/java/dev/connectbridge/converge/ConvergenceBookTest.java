package dev.connectbridge.converge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.CatalogApi.NodeServices;
import dev.connectbridge.converge.Condition.Kind;
import dev.connectbridge.converge.Condition.Truth;
import dev.connectbridge.converge.Questions.Asked;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.supervise.Readiness;
import dev.connectbridge.supervise.Readiness.Denied;
import dev.connectbridge.supervise.Readiness.Ready;
import dev.connectbridge.supervise.Status;
import dev.connectbridge.testing.Specs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConvergenceBookTest {
  private static final Desired WANTED =
      Specs.resolve(
          Specs.job(
              """
              name = "web"
              port = "http"
              connect {
                sidecar_service {}
              }
              """));

  private static final Registration WEB = WANTED.workloads().get(0).registration();
  private static final String GROUP = WEB.marks().group();

  private final ConvergenceBook book = new ConvergenceBook("default");
  private final SortedMap<ServiceId, Instant> later = new TreeMap<>();
  private Instant now = Instant.parse("2026-01-01T05:00:00Z");

  private void pass(Desired desired, Observed observed, Map<ServiceId, String> behind) {
    book.passed(
        new Pass(
            desired,
            observed,
            Plan.between(desired, observed, "default"),
            new TreeMap<>(behind),
            new TreeMap<>(),
            id -> false,
            now,
            behind.isEmpty() ? Optional.empty() : Optional.of(now.plusSeconds(5)),
            later));
  }

  private static Observed held() {
    return new Observed(List.of(WEB.asHeld()), List.of(), List.of());
  }

  private void catalog(Registration... rows) {
    SortedMap<String, Marks> marks = new TreeMap<>();
    for (Registration row : rows) {
      marks.put(row.id().value(), row.marks());
      marks.put(row.id().sidecar(), row.marks());
    }
    book.catalog(new NodeServices(7, true, new TreeSet<>(marks.keySet()), marks), now);
  }

  private Convergence told(String... held) {
    Status status =
        new Status(
            List.of(), 0, new TreeSet<>(List.of(held)), List.of(), List.of(), new TreeSet<>());
    return book.told(status, asked(new Ready()), now);
  }

  private static Asked asked(Readiness upstreams) {
    return new Asked(Set.of(GROUP), Map.of(GROUP, new Ready()), Map.of(GROUP, upstreams));
  }

  private Condition condition(Kind kind) {
    return told().entries().get(0).conditions().stream()
        .filter(one -> one.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatAgentAndServersHoldAsItIsWantedIsWell() {
    pass(WANTED, held(), Map.of());
    catalog(WEB);

    EntryConditions entry = told().entries().get(0);

    assertThat(entry.ills()).isEmpty();
    assertThat(entry.conditions()).extracting(Condition::kind).containsExactly(Kind.values());
    assertThat(entry.group()).isEqualTo("shop.api[0]");
  }

  @Test
  void aYesOfTheAgentIsNotYetOneOfTheServers() {
    pass(WANTED, Observed.NOTHING, Map.of());
    catalog();

    assertThat(condition(Kind.AGENT_REGISTERED).truth()).isEqualTo(Truth.TRUE);
    assertThat(condition(Kind.CATALOG_CONVERGED).truth()).isEqualTo(Truth.FALSE);
    assertThat(condition(Kind.CATALOG_CONVERGED).reason()).contains(WEB.id().sidecar());
  }

  @Test
  void serversThatHoldWhatItWasBeforeHaveNotConverged() {
    pass(WANTED, held(), Map.of());
    catalog(WEB.withMarks(WEB.marks().withHash("older")));

    assertThat(condition(Kind.CATALOG_CONVERGED).reason())
        .isEqualTo("the servers hold what it was before");
  }

  @Test
  void noMoreHaveThoseThatHoldWhatItsSidecarWasBefore() {
    pass(WANTED, held(), Map.of());
    SortedMap<String, Marks> marks = new TreeMap<>();
    marks.put(WEB.id().value(), WEB.marks());
    marks.put(WEB.id().sidecar(), WEB.marks().withHash("older"));
    book.catalog(new NodeServices(7, true, new TreeSet<>(marks.keySet()), marks), now);

    assertThat(condition(Kind.CATALOG_CONVERGED).truth()).isEqualTo(Truth.FALSE);
    assertThat(condition(Kind.CATALOG_CONVERGED).reason())
        .isEqualTo("the servers hold what its sidecar was before");
  }

  @Test
  void serversThatCannotBeAskedAreNotKnownToDisagree() {
    pass(WANTED, held(), Map.of());
    book.catalogUnseen("no answer in time", now);

    assertThat(condition(Kind.CATALOG_CONVERGED).truth()).isEqualTo(Truth.UNKNOWN);
    assertThat(condition(Kind.CATALOG_CONVERGED).lastError()).isEqualTo("no answer in time");
  }

  @Test
  void whatCouldNotBeWrittenSaysWhyAndWhenItIsTriedAgain() {
    pass(WANTED, Observed.NOTHING, Map.of(WEB.id(), "403 Permission denied"));

    Condition registered = condition(Kind.AGENT_REGISTERED);

    assertThat(registered.truth()).isEqualTo(Truth.FALSE);
    assertThat(registered.lastError()).isEqualTo("403 Permission denied");
    assertThat(registered.nextTry()).contains(now.plusSeconds(5));
    assertThat(condition(Kind.SIDECAR_REGISTERED).truth()).isEqualTo(Truth.FALSE);
  }

  @Test
  void whatIsParkedSaysWhenItsOwnTimeIs() {
    later.put(WEB.id(), now.plusSeconds(60));
    pass(WANTED, Observed.NOTHING, Map.of(WEB.id(), "403 Permission denied"));

    assertThat(condition(Kind.AGENT_REGISTERED).nextTry()).contains(now.plusSeconds(60));
  }

  @Test
  void theTimeIsThatOfTheLastChange() {
    Instant first = now;
    pass(WANTED, Observed.NOTHING, Map.of(WEB.id(), "no"));
    now = now.plusSeconds(30);
    pass(WANTED, Observed.NOTHING, Map.of(WEB.id(), "still no"));
    assertThat(condition(Kind.AGENT_REGISTERED).since()).isEqualTo(first);

    now = now.plusSeconds(30);
    pass(WANTED, held(), Map.of());
    assertThat(condition(Kind.AGENT_REGISTERED).since()).isEqualTo(now);
  }

  @Test
  void somebodyElseUnderTheIdIsAConflictAndNothingIsRegistered() {
    Foreign other = new Foreign(WEB.id().value(), "web", 1);
    pass(WANTED, new Observed(List.of(), List.of(), List.of(other)), Map.of());

    assertThat(condition(Kind.NO_CONFLICT).truth()).isEqualTo(Truth.FALSE);
    assertThat(condition(Kind.NO_CONFLICT).reason())
        .contains("is registered by somebody else as \"");
    assertThat(condition(Kind.AGENT_REGISTERED).truth()).isEqualTo(Truth.FALSE);
  }

  @Test
  void anAgentThatCannotBeSeenLeavesItOpenWhatItHolds() {
    pass(WANTED, held(), Map.of());
    book.unseen("connection refused", now, Optional.empty());

    assertThat(condition(Kind.AGENT_REGISTERED).truth()).isEqualTo(Truth.UNKNOWN);
    assertThat(condition(Kind.AGENT_REGISTERED).lastError()).isEqualTo("connection refused");
  }

  @Test
  void aSourceThatCannotBeReadIsNotAccepted() {
    Desired frozen =
        new Desired(
            WANTED.workloads(),
            true,
            new TreeSet<>(List.of(WEB.marks().source())),
            List.of(),
            List.of(),
            new TreeMap<>());
    pass(frozen, held(), Map.of());

    assertThat(condition(Kind.ACCEPTED).truth()).isEqualTo(Truth.FALSE);
    assertThat(condition(Kind.AGENT_REGISTERED).truth()).isEqualTo(Truth.TRUE);
  }

  @Test
  void theProblemOfAnotherFileIsNotItsOwn() {
    String source = WEB.marks().source();
    List<Problem> problems = new ArrayList<>();
    for (String file : List.of("specs/my-" + source, "specs/" + source)) {
      problems.add(new Problem(file, "", new Place(1, 1), "of " + file));
    }
    Desired frozen =
        new Desired(
            WANTED.workloads(),
            true,
            new TreeSet<>(List.of(source)),
            problems,
            List.of(),
            new TreeMap<>());
    pass(frozen, held(), Map.of());

    assertThat(condition(Kind.ACCEPTED).lastError()).endsWith("of specs/" + source);
  }

  @Test
  void whatWasRefusedFromTheStartIsToldThoughItHasNoEntries() {
    Problem problem = new Problem("specs/shop.hcl", "job", new Place(1, 5), "no job");
    Desired refused =
        new Desired(
            List.of(),
            true,
            new TreeSet<>(List.of("shop.hcl")),
            List.of(problem),
            List.of(),
            new TreeMap<>());
    pass(refused, Observed.NOTHING, Map.of());
    book.unseen("connection refused", now, Optional.empty());

    assertThat(told().entries()).isEmpty();
    assertThat(told().problems()).containsExactly("specs/shop.hcl:1:5: no job (job)");
    pass(WANTED, held(), Map.of());
    assertThat(told().problems()).isEmpty();
  }

  @Test
  void whatIsHeldBackIsDrained() {
    pass(WANTED, held(), Map.of());

    EntryConditions entry = told(GROUP).entries().get(0);

    assertThat(entry.ills()).extracting(Condition::kind).contains(Kind.DRAINED);
  }

  @Test
  void aDeniedUpstreamSaysWhoMayNotReachWhom() {
    pass(WANTED, held(), Map.of());
    Status idle = new Status(List.of(), 0, new TreeSet<>(), List.of(), List.of(), new TreeSet<>());

    Convergence told = book.told(idle, asked(new Denied("web", "stock")), now);

    assertThat(told.entries().get(0).ills())
        .extracting(Condition::reason)
        .contains("no intention lets web connect to stock");
  }

  @Test
  void whatTheServersKeepForLongAlthoughTheAgentForgotItIsAGhost() {
    Registration gone = WEB.withMarks(WEB.marks());
    pass(Desired.NOTHING, Observed.NOTHING, Map.of());
    catalog(gone);
    assertThat(told().ghosts()).isEmpty();

    now = now.plus(Duration.ofSeconds(40));
    catalog(gone);

    assertThat(told().ghosts())
        .extracting(Ghost::id)
        .containsExactly(WEB.id().value(), WEB.id().sidecar());
    assertThat(book.isNowhere(WEB.id().value())).isTrue();
    catalog();
    assertThat(told().ghosts()).isEmpty();
  }

  @Test
  void soIsASidecarWhoseServiceIsWantedWithoutOne() {
    Desired alone =
        WANTED.withWorkloads(
            WANTED.workloads().stream()
                .map(
                    one ->
                        new Workload(
                            one.registration().withoutSidecar(),
                            Optional.empty(),
                            one.shutdownDelay()))
                .toList());
    pass(alone, new Observed(List.of(WEB.withoutSidecar()), List.of(), List.of()), Map.of());
    catalog(WEB);
    now = now.plus(Duration.ofSeconds(40));
    catalog(WEB);

    assertThat(told().ghosts()).extracting(Ghost::id).containsExactly(WEB.id().sidecar());
  }

  @Test
  void whatIsWantedOrAtTheAgentOrNotYetLookedForIsSomewhere() {
    assertThat(book.isNowhere(WEB.id().value())).isFalse();
    pass(WANTED, Observed.NOTHING, Map.of());
    assertThat(book.isNowhere(WEB.id().sidecar())).isFalse();
    pass(Desired.NOTHING, held(), Map.of());
    assertThat(book.isNowhere(WEB.id().value())).isFalse();
  }

  @Test
  void whatTheAgentHoldsOrAnotherOwnerOwnsIsNoGhost() {
    Marks marks = WEB.marks();
    pass(Desired.NOTHING, held(), Map.of());
    Marks others = new Marks("another", marks.group(), marks.source(), marks.hash(), marks.ports());
    catalog(WEB);
    catalog(WEB.withMarks(others));
    now = now.plus(Duration.ofMinutes(40));
    catalog(WEB);

    assertThat(told().ghosts()).isEmpty();
    pass(Desired.NOTHING, Observed.NOTHING, Map.of());
    now = now.plus(Duration.ofMinutes(40));
    catalog(WEB.withMarks(others));
    assertThat(told().ghosts()).isEmpty();
  }
}
