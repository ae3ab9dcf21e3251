package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AbsenceProof.Kind;
import dev.connectbridge.consul.CatalogApi.Grant;
import dev.connectbridge.consul.CatalogApi.NodeServices;
import dev.connectbridge.consul.CatalogApi.Right;
import dev.connectbridge.testing.FakeCatalog;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How questions stand and when they are put, in virtual time. */
class InquiriesTest {
  private static final Grant ALL = new Grant(true, List.of());
  private final NodeProof nobody =
      new NodeProof(new FakeCatalog("n1"), "n1", Duration.ofSeconds(30));
  private double chance = 1;
  private final Inquiries inquiries = new Inquiries("n1", () -> chance);
  private final OpenInquiry web = inquiry("web");
  private final OpenInquiry api = inquiry("api");
  private Duration now = Duration.ofHours(1);

  @Test
  void aNewQuestionIsDueAtOnceAndOnlyOnce() {
    inquiries.join(web);

    assertThat(inquiries.untilDue(now)).contains(Duration.ZERO);
    assertThat(inquiries.take(now)).containsExactly(web);
    assertThat(inquiries.untilDue(now)).isEmpty();
  }

  @Test
  void whatIsHeldIsAskedAgainOnlyWhenItSeemsGone() {
    ask(web, api);

    assertThat(settle(ALL, held("web", "api-sidecar"))).isEmpty();
    assertThat(web.verdict().kind()).isEqualTo(Kind.HELD);
    assertThat(web.verdict().reason()).isEqualTo("the catalog still holds \"web\"");
    assertThat(api.verdict().reason()).isEqualTo("the catalog still holds \"api-sidecar\"");
    assertThat(inquiries.untilDue(now)).isEmpty();

    inquiries.shown(held("web-sidecar"));

    assertThat(inquiries.take(now)).containsExactly(api);
  }

  @Test
  void whatTheLastReadStillShowsIsNotProven() {
    ask(web);
    settle(ALL, held("web"));
    inquiries.shown(held());

    assertThat(settle(ALL, held("web"))).isEmpty();

    assertThat(web.verdict().kind()).isEqualTo(Kind.HELD);
  }

  @Test
  void whatIsProvenIsOver() {
    ask(web);

    assertThat(settle(ALL, held("api"))).containsExactly(web);

    assertThat(web.verdict().isProven()).isTrue();
    assertThat(inquiries.isEmpty()).isTrue();
  }

  @Test
  void anEmptyAnswerProvesNothingWhereTheNodeIsNotToBeRead() {
    ask(web);
    Grant without = new Grant(true, List.of(new Right("node", "n1")));

    assertThat(settle(without, new NodeServices(7, false, new TreeSet<>()))).isEmpty();

    assertThat(web.verdict().kind()).isEqualTo(Kind.UNREADABLE);
    assertThat(web.verdict().reason())
        .isEqualTo("the token lacks node:read on \"n1\", so an empty answer proves nothing");
  }

  @Test
  void aServiceThatIsNotToBeReadKeepsItsOwnProofOnly() {
    ask(web, api);
    Grant without = new Grant(true, List.of(new Right("service", "web-name")));

    assertThat(settle(without, held())).containsExactly(api);

    assertThat(web.verdict().reason()).contains("service:read on \"web-name\"");
  }

  @Test
  void whatIsSeenIsHeldWhateverTheTokenLacks() {
    ask(web);

    settle(new Grant(true, List.of(new Right("service", "web-name"))), held("web"));

    assertThat(web.verdict().kind()).isEqualTo(Kind.HELD);
  }

  @Test
  void aNodeThatNobodyKnowsProvesNothing() {
    ask(web);

    assertThat(settle(ALL, new NodeServices(7, false, new TreeSet<>()))).isEmpty();

    assertThat(web.verdict().kind()).isEqualTo(Kind.UNKNOWN_NODE);
    assertThat(web.verdict().reason()).contains("do not know the node \"n1\"");
  }

  @ParameterizedTest
  @EnumSource(AgentException.Kind.class)
  void whoeverDoesNotAnswerProvesNothing(AgentException.Kind kind) {
    ask(web);

    inquiries.failed(List.of(web), new AgentException(kind, "why so", null), now);

    assertThat(web.verdict().isProven()).isFalse();
    assertThat(web.verdict().reason()).endsWith("why so");
    assertThat(web.verdict().kind())
        .isEqualTo(
            switch (kind) {
              case FORBIDDEN -> Kind.UNREADABLE;
              case GARBLED -> Kind.DOUBTFUL;
              case UNREACHABLE, NOT_SENT, TIMEOUT, REFUSED, OUTDATED, OVERLOADED, BROKEN ->
                  Kind.UNANSWERED;
            });
  }

  @Test
  void failuresAreAskedAgainAfterLongerAndLongerPauses() {
    ask(web);
    List<Long> pauses =
        Stream.generate(this::pauseAfterFailure).limit(7).map(Duration::toMillis).toList();

    assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1600L, 2000L, 2000L);

    settle(ALL, held("web"));
    assertThat(inquiries.untilDue(now)).isEmpty();
    inquiries.shown(held());
    inquiries.take(now);
    assertThat(pauseAfterFailure()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void manyThatFailAtOneMomentDoNotAskAgainAtAnother() {
    ask(web);
    chance = 0.5;
    assertThat(pauseAfterFailure()).isEqualTo(Duration.ofMillis(63));
    chance = 0;
    assertThat(pauseAfterFailure()).isEqualTo(Duration.ofMillis(25));
  }

  private Duration pauseAfterFailure() {
    fail(web);
    Duration pause = inquiries.untilDue(now).orElseThrow();
    assertThat(inquiries.take(now.plus(pause).minusNanos(1))).isEmpty();
    now = now.plus(pause);
    assertThat(inquiries.take(now)).containsExactly(web);
    return pause;
  }

  @Test
  void aNewQuestionDoesNotWaitForAnOldOnesPause() {
    ask(web);
    fail(web);

    inquiries.join(api);

    assertThat(inquiries.take(now)).containsExactly(api);
    assertThat(inquiries.untilDue(now)).contains(Duration.ofMillis(100));
  }

  @Test
  void whileTheBlockedQuerySeesNothingEverythingIsAsked() {
    ask(web, api);
    settle(ALL, held("web", "api"));

    inquiries.unseen();

    assertThat(inquiries.take(now)).containsExactlyInAnyOrder(web, api);
  }

  @Test
  void aQuestionThatLeftIsNeitherAskedNorAnswered() {
    ask(web, api);
    inquiries.leave(web);

    assertThat(settle(ALL, held())).containsExactly(api);

    assertThat(web.verdict().kind()).isEqualTo(Kind.ASKED);
    fail(web);
    assertThat(inquiries.untilDue(now)).isEmpty();
  }

  private void ask(OpenInquiry... questions) {
    List.of(questions).forEach(inquiries::join);
    assertThat(inquiries.take(now)).containsExactly(questions);
  }

  private List<OpenInquiry> settle(Grant grant, NodeServices held) {
    return inquiries.settle(List.of(web, api), grant, held, now);
  }

  private void fail(OpenInquiry inquiry) {
    AgentException why = new AgentException(AgentException.Kind.BROKEN, "no leader", null);
    inquiries.failed(List.of(inquiry), why, now);
  }

  private OpenInquiry inquiry(String id) {
    TreeMap<String, String> names = new TreeMap<>();
    names.put(id, id + "-name");
    names.put(id + "-sidecar", id + "-sidecar-name");
    return new OpenInquiry(names, proven -> {}, nobody);
  }

  private static NodeServices held(String... ids) {
    return new NodeServices(7, true, new TreeSet<>(List.of(ids)));
  }
}
