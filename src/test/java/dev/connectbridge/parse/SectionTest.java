package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.spec.Origin.Place;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The positioned reader that other rooms read their own files with. */
class SectionTest {
  private static final Shape SHAPE =
      Shape.of(
          "the configuration",
          Key.text("owner"),
          Key.text("mode").oneOf("fast", "slow").with(Key.Mark.FOLDED),
          Key.integer("port"),
          Key.flag("quiet"),
          Key.duration("resync"),
          Key.texts("paths").with(Key.Mark.REQUIRED),
          Key.textMap("labels"),
          Key.opaque("anything"),
          Key.block(Shape.of("tls", Key.text("ca"))),
          Key.blocks(Shape.of("network", Key.text("cidr")).labelled("Name")));

  private final Report report = new Report();

  private Section read(String text) {
    TreeReader.Tree tree = TreeReader.yaml("bridge.yaml", text);
    assertThat(tree.problems()).isEmpty();
    return Section.of("bridge.yaml", tree.root().orElseThrow(), SHAPE, report);
  }

  @Test
  void keysAreReadByTheirTypes() {
    Section section =
        read(
            """
            owner: me
            mode: SLOW
            port: 80
            quiet: true
            resync: 30s
            paths: [a, b]
            labels: {x: 1}
            tls: {ca: file}
            network: {lan: {cidr: 10.0.0.0/8}}
            """);

    assertThat(report.problems()).isEmpty();
    assertThat(section.text("owner")).isEqualTo("me");
    assertThat(section.text("mode")).isEqualTo("slow");
    assertThat(section.integer("port")).isEqualTo(OptionalInt.of(80));
    assertThat(section.flag("quiet")).isTrue();
    assertThat(section.duration("resync")).contains(Duration.ofSeconds(30));
    assertThat(section.texts("paths")).containsExactly("a", "b");
    assertThat(section.textMap("labels")).containsEntry("x", "1");
    assertThat(section.block("tls").orElseThrow().text("ca")).isEqualTo("file");
    assertThat(section.blocks("network").get(0).label()).isEqualTo("lan");
    assertThat(section.origin().keys()).containsEntry("resync", new Place(5, 1));
    assertThat(section.has("anything")).isFalse();
  }

  @Test
  void whatIsWrongIsReportedAndReadsAsAbsent() {
    Section section = read("ownr: me\nport: many\ntls: {cb: file}\n");

    assertThat(report.problems())
        .extracting(Object::toString)
        .containsExactly(
            "bridge.yaml:1:1: paths is required",
            "bridge.yaml:1:1: unknown key \"ownr\" in the configuration;"
                + " did you mean \"owner\"? (ownr)",
            "bridge.yaml:2:7: expected a whole number, found \"many\" (port)",
            "bridge.yaml:3:7: unknown key \"cb\" in tls; did you mean \"ca\"? (tls.cb)");
    assertThat(section.integer("port")).isEmpty();
    assertThat(section.texts("paths")).isEmpty();
  }

  @Test
  void somethingElseThanAnObjectIsAProblem() {
    read("- a\n");

    assertThat(report.problems())
        .extracting(Object::toString)
        .contains("bridge.yaml:1:1: expected the configuration, found a list");
  }

  @Test
  void askingForWhatTheShapeDoesNotSayIsAFaultOfOurs() {
    Section section = read("paths: []\n");

    assertThatThrownBy(() -> section.text("port")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> section.text("none")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTextThatIsWrongThroughAndThroughIsNotListedToItsEnd() {
    StringBuilder text = new StringBuilder("paths: []\n");
    for (int each = 0; each < 600; each++) {
      text.append("key").append(each).append(": 1\n");
    }

    read(text.toString());

    assertThat(report.problems()).hasSize(501);
    assertThat(report.problems().get(500).message()).isEqualTo("and 100 more problems");
  }
}
