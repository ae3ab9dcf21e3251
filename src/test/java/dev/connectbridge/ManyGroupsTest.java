package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.converge.Condition;
import dev.connectbridge.converge.Condition.Kind;
import dev.connectbridge.converge.Convergence;
import dev.connectbridge.converge.EntryConditions;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.FakeAgent;
import dev.connectbridge.testing.FakeCatalog;
import dev.connectbridge.testing.Specs;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More groups than are asked at once whether they are ready. */
@Timeout(60)
class ManyGroupsTest {
  private static final int GROUPS = 120;

  private static final Snapshot FILES =
      new Snapshot(
          List.of(
              Specs.file(
                  "shop.hcl",
                  IntStream.range(0, GROUPS)
                      .mapToObj(
                          number ->
                              """
                              group "g%d" {
                                service {
                                  name = "s%d"
                                  port = "%d"
                                }
                              }
                              """
                                  .formatted(number, number, 9000 + number))
                      .collect(Collectors.joining("", "job \"shop\" {\n", "}\n")))),
          true,
          List.of());

  @TempDir private Path top;
  private final FakeAgent agent = new FakeAgent();
  private Bridge bridge;

  @BeforeEach
  void start() {
    bridge =
        Bridge.builder()
            .agent(agent, new FakeCatalog("node"))
            .source(() -> FILES)
            .runDirectory(top.resolve("run"))
            .build();
    bridge.start();
    await().until(() -> agent.holds().registrations().size() == GROUPS);
    await().until(() -> told().entries().size() == GROUPS);
  }

  @AfterEach
  void nothingRunsOn() {
    bridge.close();
  }

  private Convergence told() {
    return bridge.convergence().toCompletableFuture().join();
  }

  private static Set<String> asked(Convergence told) {
    return told.entries().stream()
        .filter(
            entry ->
                entry.conditions().stream()
                    .anyMatch(one -> one.kind() == Kind.PROXY_LISTENING && one.isWell()))
        .map(EntryConditions::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whatWasNotAskedIsNotTold() {
    Convergence told = told();

    assertThat(told.entries())
        .flatExtracting(EntryConditions::ills)
        .extracting(Condition::kind)
        .doesNotContain(Kind.PROXY_LISTENING, Kind.UPSTREAMS_READY);
    assertThat(asked(told)).hasSize(50).doesNotContainAnyElementsOf(told.unasked());
    assertThat(told.unasked()).hasSize(GROUPS - 50);
  }

  @Test
  void allHaveTheirTurn() {
    Set<String> asked = new TreeSet<>();
    for (int turn = 1; turn <= 3; turn++) {
      asked.addAll(asked(told()));
    }

    assertThat(asked).hasSize(GROUPS);
  }
}
