package dev.connectbridge.hcl;

import static dev.connectbridge.hcl.Read.at;
import static dev.connectbridge.hcl.Read.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.hcl.HclBody.Block;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopsTest {

  private static final String PORTS =
      """
      locals {
        ports = { http = 8080, admin = 9090 }
      }
      network {
        dynamic "port" {
          for_each = local.ports
          labels   = [port.key]
          content {
            to = port.value
          }
        }
      }
      """;

  @Test
  void aDynamicBlockIsOneBlockForEachValue() {
    HclBody network = Read.body(PORTS).blocks().get(0).body();

    assertThat(network.blocks()).extracting(Block::type).containsExactly("port", "port");
    assertThat(network.blocks())
        .extracting(it -> it.labels().get(0).text())
        .containsExactly("admin", "http");
    assertThat(network.blocks().get(1).body().attributes().get(0).value().value())
        .isEqualTo(Read.number("8080"));
  }

  @Test
  void aDynamicBlockStandsWhereItsContentDoes() {
    Block port = Read.body(PORTS).blocks().get(0).body().blocks().get(0);

    assertThat(port.place()).isEqualTo(at(8, 5));
    assertThat(port.labels().get(0).place()).isEqualTo(at(7, 17));
    assertThat(port.body().attributes().get(0).place()).isEqualTo(at(9, 7));
  }

  @Test
  void dynamicBlocksNestAndNameTheirIterators() {
    HclBody body =
        Read.body(
            """
            dynamic "a" {
              for_each = [[1, 2], [3]]
              iterator = outer
              content {
                dynamic "b" {
                  for_each = outer.value
                  content {
                    x = "${outer.key}-${b.value}-${b.key}"
                  }
                }
              }
            }
            """);

    assertThat(body.blocks())
        .flatExtracting(it -> it.body().blocks())
        .extracting(it -> it.body().attributes().get(0).value().value())
        .containsExactly(Read.words("0-1-0"), Read.words("0-2-1"), Read.words("1-3-0"));
  }

  @Test
  void theKeyOfASetIsItsItem() {
    HclBody body =
        Read.body(
            "dynamic \"a\" {\n  for_each = toset([\"q\"])\n  labels = [a.key]\n  content {}\n}\n");

    assertThat(body.blocks().get(0).labels().get(0).text()).isEqualTo("q");
  }

  @Test
  void aDynamicBlockSaysWhatIsWrongWithIt() {
    assertThat(problems("dynamic {\n}\n"))
        .containsExactly(
            "1:1: dynamic needs one label, the type of its blocks: dynamic \"TYPE\" (dynamic)");
    assertThat(problems("dynamic \"a\" {\n  content {}\n}\n"))
        .containsExactly("1:1: dynamic needs for_each, the values to make blocks of (dynamic.a)");
    assertThat(problems("dynamic \"a\" {\n  for_each = []\n}\n"))
        .containsExactly("1:1: dynamic needs one content { } block (dynamic.a)");
    assertThat(problems("dynamic \"a\" {\n  foreach = []\n  for_each = 1\n  content {}\n}\n"))
        .containsExactly(
            "2:3: unknown key \"foreach\" in dynamic; did you mean \"for_each\"?;"
                + " what the blocks are to hold belongs in content { } (dynamic.a)",
            "3:14: expected a list or object to go over, found the number 1 (dynamic.a)");
    assertThat(problems("dynamic \"a\" {\n  for_each = [1]\n  iterator = \"b\"\n  content {}\n}\n"))
        .containsExactly("3:14: expected a bare name as iterator (dynamic.a)");
    assertThat(problems("dynamic \"a\" {\n  for_each = [1]\n  labels = a.key\n  content {}\n}\n"))
        .containsExactly("3:12: expected a list of texts as labels (dynamic.a)");
    assertThat(
            problems("dynamic \"a\" {\n  for_each = [1, 2]\n  content {\n    x = a.valu\n  }\n}\n"))
        .containsExactly(
            "4:10: this object has no key \"valu\"; did you mean \"value\"? (dynamic.a)");
    assertThat(
            problems(
                "dynamic \"a\" {\n  for_each = [\"${JOB}\"]\n  labels = [a.value]\n  content {}\n}\n"))
        .containsExactly("3:13: a label cannot be what only the runtime knows (dynamic.a)");
  }

  @Test
  void theNamesOfALoopHideOthersAndEndWithIt() {
    assertThat(Read.text("\"${[for node in [\"a\"] : \"${node}\"][0]}${node}\""))
        .isEqualTo("a${node}");
    assertThat(problems("x = [for a in [1] : b]")).hasSize(1);
  }

  @Test
  void aForSaysWhatIsWrongWithIt() {
    assertThat(problems("x = [for a in 1 : a]"))
        .containsExactly("1:15: expected a list or object to go over, found the number 1");
    assertThat(problems("x = {for a in [1, 2] : \"k\" => a}"))
        .containsExactly(
            "1:24: two items have the key \"k\": '...' after the value would gather them");
    assertThat(problems("x = [for a in [1] : a if a]"))
        .containsExactly("1:26: expected true or false, found the number 1");
  }

  @Test
  void nothingIsDecidedByWhatOnlyTheRuntimeKnows() {
    assertThat(problems("locals {\n  a = \"${NOMAD_REGION}\"\n}\nx = local.a == \"eu\" ? 1 : 2\n"))
        .containsExactly("4:5: nothing can be computed from a value that only the runtime knows");
  }

  @Test
  void aConditionalKeepsToTheSideThatIsThere() {
    assertThat(Read.value("length([\"${JOB}\"]) == 1 ? \"one\" : upper()"))
        .isEqualTo(Read.words("one"));
    assertThat(Read.value("true ? [] : null"))
        .isEqualTo(Read.list(List.of().toArray(dev.connectbridge.spec.Value[]::new)));
  }
}
