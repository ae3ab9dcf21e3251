package dev.connectbridge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.plan.Change.FieldChange;
import dev.connectbridge.resolve.Fields;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.testing.AnyRegistration;
import dev.connectbridge.testing.OneFieldChanged;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ChangeTest {
  private static final Registration HELD = AnyRegistration.full();

  @TestFactory
  List<DynamicTest> eachFieldAloneIsAChangeThatThePlanShows() {
    return neighbours().entrySet().stream()
        .filter(neighbour -> !neighbour.getKey().contains("probe"))
        .map(
            neighbour ->
                DynamicTest.dynamicTest(
                    neighbour.getKey(),
                    () -> {
                      List<FieldChange> fields =
                          change(specced(neighbour)).orElseThrow().fields().stream()
                              .filter(field -> !field.path().equals("(hash)") || isMark(neighbour))
                              .toList();
                      int most = neighbour.getKey().endsWith("left out") ? 30 : 1;
                      assertThat(fields).hasSizeBetween(1, most);
                    }))
        .toList();
  }

  /** What is wanted otherwise is of another spec, and has another hash. */
  private static Registration specced(Map.Entry<String, Registration> neighbour) {
    Registration wanted = neighbour.getValue();
    return isMark(neighbour)
        ? wanted
        : wanted.withMarks(wanted.marks().withHash("of another spec"));
  }

  private static boolean isMark(Map.Entry<String, Registration> neighbour) {
    return neighbour.getKey().contains("marks.");
  }

  /** What a check probes, the agent does not tell: the hash stands for it, alone. */
  @TestFactory
  List<DynamicTest> eachFieldOfAProbeChangesTheHashAlone() {
    return neighbours().entrySet().stream()
        .filter(neighbour -> neighbour.getKey().contains("probe"))
        .map(
            neighbour ->
                DynamicTest.dynamicTest(
                    neighbour.getKey(),
                    () -> {
                      assertThat(change(neighbour.getValue())).isEmpty();
                      assertThat(Fields.of(neighbour.getValue())).isNotEqualTo(Fields.of(HELD));
                    }))
        .toList();
  }

  /** The two sides are compared by ID and owner; the other marks are the sidecar's as well. */
  private static Map<String, Registration> neighbours() {
    Map<String, Registration> neighbours = OneFieldChanged.of(HELD);
    neighbours.keySet().removeIf(path -> path.startsWith("id."));
    neighbours.remove("marks.owner");
    neighbours.replaceAll(
        (path, other) -> path.startsWith("marks.") ? HELD.withMarks(other.marks()) : other);
    assertThat(neighbours.keySet())
        .contains(
            "name",
            "tags[0]",
            "marks.ports",
            "checks[0].probe.header.Accept[0]",
            "sidecar.marks.hash",
            "sidecar.proxy.config.timeout.number",
            "sidecar.proxy.upstreams[0].localBindSocketMode");
    neighbours.keySet().removeIf(path -> path.endsWith("].id"));
    return neighbours;
  }

  private static Optional<Change> change(Registration wanted) {
    return Change.between(wanted, Optional.of(HELD.asHeld()));
  }

  @Test
  void anotherCheckIdIsOneCheckMoreAndOneThatVanishes() {
    Registration wanted = OneFieldChanged.of(HELD).get("checks[0].id");

    Change change = change(wanted).orElseThrow();

    assertThat(change.fields())
        .extracting(FieldChange::path)
        .containsExactly(
            "check[\"" + HELD.id().check("http") + "\"].name",
            "check[\"" + HELD.id().check("httpx") + "\"].name");
    assertThat(change.vanishedChecks()).containsExactly(HELD.id().check("http"));
  }

  @Test
  void aVanishedCheckOfTheSidecarIsNamedAsWell() {
    Registration wanted = OneFieldChanged.of(HELD).get("sidecar.checks[0] left out");

    assertThat(change(wanted).orElseThrow().vanishedChecks())
        .containsExactly(HELD.id().check("alias"));
  }

  @Test
  void aDroppedSidecarTakesItsChecksWithIt() {
    Registration bare = OneFieldChanged.of(HELD).get("sidecar left out");
    Registration wanted = OneFieldChanged.of(bare).get("checks[0] left out");

    Change change = change(wanted).orElseThrow();

    assertThat(change.dropsSidecar()).isTrue();
    assertThat(change.vanishedChecks()).containsExactly(HELD.id().check("http"));
    assertThat(change.fields()).extracting(FieldChange::path).contains("sidecar", "sidecar.port");
  }

  @Test
  void theSameAgainIsNoChange() {
    assertThat(change(HELD)).isEmpty();
  }

  @Test
  void withTagOverrideTheTagsOfTheCatalogStayWhileTheSpecIsTheSame() {
    Registration wanted = OneFieldChanged.of(HELD).get("enableTagOverride");
    Registration retagged = wanted.asHeld().withTags(List.of("canary"));

    assertThat(Change.between(wanted, Optional.of(retagged))).isEmpty();
  }

  @Test
  void withTagOverrideSomethingElseIsMendedWithTheTagsOfTheCatalog() {
    Registration wanted = OneFieldChanged.of(HELD).get("enableTagOverride");
    Registration retagged =
        OneFieldChanged.of(wanted.asHeld()).get("port").withTags(List.of("canary"));

    Change change = Change.between(wanted, Optional.of(retagged)).orElseThrow();

    assertThat(change.fields()).extracting(FieldChange::path).containsExactly("port");
    assertThat(change.wanted().tags()).containsExactly("canary");
  }

  @Test
  void withTagOverrideAChangedSpecBringsItsOwnTags() {
    Registration wanted = OneFieldChanged.of(HELD).get("enableTagOverride");
    Registration retagged =
        wanted.withMarks(wanted.marks().withHash("before")).withTags(List.of("canary")).asHeld();

    assertThat(Change.between(wanted, Optional.of(retagged)).orElseThrow().wanted().tags())
        .isEqualTo(HELD.tags());
  }

  @Test
  void withoutTagOverrideTheSpecsTagsWin() {
    assertThat(Change.between(HELD, Optional.of(HELD.asHeld().withTags(List.of("canary")))))
        .hasValueSatisfying(change -> assertThat(change.wanted().tags()).isEqualTo(HELD.tags()));
  }

  @Test
  void anotherOrderOfTagsIsOneChange() {
    Registration held = HELD.withTags(List.of("a", "b"));
    Registration turned = HELD.withTags(List.of("b", "a"));

    assertThat(Change.between(turned, Optional.of(held.asHeld()))).isPresent();
    assertThat(Change.between(turned, Optional.of(turned.asHeld()))).isEmpty();
  }
}
