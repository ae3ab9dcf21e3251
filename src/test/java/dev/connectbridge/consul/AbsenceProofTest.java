package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.consul.AbsenceProof.Inquiry;
import dev.connectbridge.consul.AbsenceProof.Kind;
import dev.connectbridge.consul.AbsenceProof.Verdict;
import dev.connectbridge.consul.CatalogApi.Right;
import dev.connectbridge.testing.FakeCatalog;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many who ask, one who reads. */
class AbsenceProofTest {
  private final FakeCatalog catalog = new FakeCatalog("n1");
  private final AbsenceProof proof = AbsenceProof.over(catalog);

  @AfterEach
  void close() {
    proof.close();
  }

  @Test
  void whatIsGoneAlreadyIsProvenAtOnce() throws Exception {
    Asking web = asking("web");

    assertThat(web.verdict().isProven()).isTrue();
    assertThat(catalog.trace())
        .containsSubsequence("may read [web-name, web-side-name]", "held [web, web-side]");
  }

  @Test
  void whatGoesLaterIsProvenThen() throws Exception {
    catalog.hold(List.of("web", "web-side", "other"));
    Asking web = asking("web");
    awaitHeld(web);

    catalog.forget(List.of("web-side"));
    catalog.forget(List.of("web"));

    assertThat(web.verdict().isProven()).isTrue();
  }

  @Test
  void whoeverComesWhileTheQueryIsBlockedIsAnsweredWithoutAChange() throws Exception {
    catalog.hold(List.of("web", "web-side"));
    awaitHeld(asking("web"));
    catalog.await("ours since 2", 1);

    assertThat(asking("gone").verdict().isProven()).isTrue();
    assertThat(catalog.trace()).filteredOn(call -> call.startsWith("ours")).hasSize(2);
  }

  @Test
  void manyShareOneBlockedQuery() throws Exception {
    List<String> ids = IntStream.range(0, 200).mapToObj(i -> "s" + i).toList();
    catalog.hold(ids);
    List<Asking> asked = ids.stream().map(this::asking).toList();
    awaitHeld(asked.get(199));

    ids.forEach(id -> catalog.forget(List.of(id)));

    for (Asking one : asked) {
      assertThat(one.verdict().isProven()).isTrue();
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().equals("consul-absence-watch"))
        .hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void aRightThatIsMissingIsToldAndAskedForAgain() throws Exception {
    catalog.lack(new Right("node", "n1"));
    Asking web = asking("web");
    catalog.await("may read", 2);
    assertThat(web.inquiry().verdict().kind()).isEqualTo(Kind.UNREADABLE);

    catalog.lack();

    assertThat(web.verdict().isProven()).isTrue();
  }

  @Test
  void afterFailuresItGoesOn() throws Exception {
    catalog.fail(AgentException.Kind.BROKEN);
    Asking web = asking("web");
    catalog.await("may read", 3);
    assertThat(web.inquiry().verdict().kind()).isEqualTo(Kind.UNANSWERED);

    catalog.heal();

    assertThat(web.verdict().isProven()).isTrue();
  }

  @Test
  void anIndexThatGoesBackIsForgotten() throws Exception {
    catalog.hold(List.of("a")).hold(List.of("web"));
    Asking web = asking("web");
    catalog.await("ours since 3", 1);

    catalog.beginAnew();
    catalog.await("ours since 1", 1);
    catalog.forget(List.of("web"));

    assertThat(web.verdict().isProven()).isTrue();
    assertThat(catalog.trace()).containsSubsequence("ours since 3", "ours since 0", "ours since 1");
  }

  @Test
  void whoeverCancelsIsNotTold() throws Exception {
    catalog.hold(List.of("web"));
    Asking web = asking("web");
    awaitHeld(web);

    web.inquiry().cancel();
    catalog.forget(List.of("web"));
    assertThat(asking("later").verdict().isProven()).isTrue();

    assertThat(web.told()).isNotDone();
    assertThat(web.inquiry().verdict().kind()).isEqualTo(Kind.HELD);
  }

  @Test
  void closingEndsTheBlockedQueryAndTellsNobody() throws Exception {
    catalog.hold(List.of("web"));
    Asking web = asking("web");
    awaitHeld(web);
    catalog.await("ours since 2", 1);

    proof.close();

    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("consul-absence")) {
        thread.join(5000);
        assertThat(thread.isAlive()).isFalse();
      }
    }
    assertThat(web.told()).isNotDone();
  }

  @Test
  void oneWhoFailsWhenToldDoesNotKeepTheOthersFromBeingTold() throws Exception {
    proof.ask(
        "n1",
        names("bad"),
        verdict -> {
          throw new IllegalStateException("told at a bad time");
        });

    assertThat(asking("web").verdict().isProven()).isTrue();
  }

  @Test
  void nothingIsNotAskedAbout() {
    assertThatThrownBy(() -> proof.ask("", names("web"), verdict -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> proof.ask("n1", new TreeMap<>(), verdict -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(catalog.trace()).isEmpty();
  }

  /** Asked, answered, and seen to be held. */
  private static void awaitHeld(Asking asking) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (asking.inquiry().verdict().kind() != Kind.HELD) {
      assertThat(System.nanoTime()).as(asking.inquiry().verdict().reason()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static SortedMap<String, String> names(String id) {
    return new TreeMap<>(Map.of(id, id + "-name", id + "-side", id + "-side-name"));
  }

  private Asking asking(String id) {
    CompletableFuture<Verdict> told = new CompletableFuture<>();
    return new Asking(proof.ask("n1", names(id), told::complete), told);
  }

  private record Asking(Inquiry inquiry, CompletableFuture<Verdict> told) {
    Verdict verdict() throws Exception {
      return told.get(20, TimeUnit.SECONDS);
    }
  }
}
