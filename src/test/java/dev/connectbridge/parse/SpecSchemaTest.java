package dev.connectbridge.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.testing.GoldenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema says of specs what the parser says, as far as it can. */
class SpecSchemaTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String TEXT = text();
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(TEXT);

  @Test
  void theShippedSchemaIsTheOneThatTheParserMakes() {
    GoldenFile.matches(Path.of("src/main/dist/schema/connect-bridge.schema.json"), TEXT);
  }

  @Test
  void theReferenceIsTheOneThatTheParserMakes() {
    GoldenFile.matches(Path.of("src/docs/reference.md"), Reference.page());
  }

  @Test
  void everyKeyIsDescribed() {
    for (Map.Entry<Shape, String> shape : Shapes.named().entrySet()) {
      assertThat(shape.getKey().keys())
          .filteredOn(Shapes::isDescribed)
          .as(shape.getValue())
          .allSatisfy(SpecSchemaTest::isDescribed);
    }
  }

  private static void isDescribed(Key key) {
    Key.Told told = key.told();
    assertThat(told.about()).as(key.name()).matches("[A-Z].*\\.");
    assertThat(told.goes()).as(key.name()).isNotEmpty();
    switch (key.kind()) {
      case TEXT, INTEGER, DURATION ->
          assertThat(told.otherwise() + told.inferred())
              .as(key.name())
              .matches(said -> !said.isEmpty() || key.is(Key.Mark.REQUIRED));
      default -> assertThat(told.otherwise()).as(key.name()).isEmpty();
    }
    if (key.kind() == Key.Kind.DURATION && !told.otherwise().isEmpty()) {
      assertThat(Durations.parse(told.otherwise())).as(key.name()).isPresent();
    }
    if (!key.words().isEmpty() && !told.otherwise().isEmpty()) {
      assertThat(key.words()).contains(told.otherwise());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.connectbridge.parse.RoundTripTest#specs")
  void everySpecOfTheCorpusIsValidAsJsonAndAsYaml(Path spec) throws IOException {
    for (JobSpec job : SpecParser.parse("job.hcl", Files.readString(spec, UTF_8)).jobs()) {
      String json = HclJson.of(job);

      assertThat(SCHEMA.validate(MAPPER.readTree(json))).as(json).isEmpty();
      assertThat(SpecParser.parse("job.yaml", json).problems()).as(json).isEmpty();
    }
  }

  @Test
  void theRichExamplesAreValid() throws JsonProcessingException {
    assertThat(SCHEMA.validate(MAPPER.readTree(Texts.resource("rich.hcl.json")))).isEmpty();
    assertThat(SCHEMA.validate(new YAMLMapper().readTree(Texts.resource("rich.yaml")))).isEmpty();
  }

  // spotless:off
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "\"destination_name\"  | \"destinaton_name\"",
      "\"type\": \"HTTP\"    | \"type\": \"HTPP\"",
      "\"interval\": \"10s\" | \"interval\": 10",
      "\"interval\": \"10s\" | \"interval\": \"10\"",
      "\"mode\": \"local\"   | \"mode\": \"locale\"",
      "\"to\": 8080          | \"to\": \"http\"",
      "\"to\": 8080          | \"to\": 80.5",
      "\"tls_skip_verify\": true | \"tls_skip_verify\": \"yes\"",
      "\"group\":            | \"groups\":",
      "\"job\":              | \"jobs\":",
      "\"meta\": {           | \"meta\": 5, \"env\": {",
  })
  // spotless:on
  void whatIsWrongIsSeenByBoth(String right, String wrong) throws JsonProcessingException {
    String good = Texts.resource("rich.hcl.json");
    String bad = good.replace(right, wrong);

    assertThat(bad).isNotEqualTo(good);
    assertThat(SCHEMA.validate(MAPPER.readTree(bad))).isNotEmpty();
    assertThat(SpecParser.parse("x.json", bad).problems()).isNotEmpty();
  }

  @Property(tries = 1500)
  void whatTheSchemaRefusesTheParserRefuses(@ForAll long seed) throws JsonProcessingException {
    RandomGenerator random = new java.util.Random(seed);
    JsonNode spec = MAPPER.readTree(Texts.resource("rich.hcl.json"));
    for (int edits = 1 + random.nextInt(2); edits > 0; edits--) {
      JsonEdits.edit(spec, random);
    }
    String text = spec.toString();

    if (!SCHEMA.validate(MAPPER.readTree(text)).isEmpty()) {
      assertThat(SpecParser.parse("x.json", text).problems()).as(text).isNotEmpty();
    }
  }

  private static String text() {
    try {
      DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
      return MAPPER
              .writer(
                  new DefaultPrettyPrinter()
                      .withObjectIndenter(indenter)
                      .withArrayIndenter(DefaultPrettyPrinter.FixedSpaceIndenter.instance))
              .writeValueAsString(SpecSchema.document())
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Small edits somewhere in a tree. */
  private static final class JsonEdits {
    private static final List<String> VALUES =
        List.of(
            "null",
            "0",
            "1",
            "-1",
            "1.5",
            "99999999999",
            "true",
            "\"\"",
            "\"5s\"",
            "\"1\"",
            "\"x\"",
            "\"1e2\"",
            "\"http\"",
            "[]",
            "{}",
            "[{}]",
            "[{},{}]",
            "[null]",
            "{\"x\":{}}",
            "{\"x\":null}",
            "{\"//\":1}",
            "[\"a\",1]",
            "{\"x\":[]}");

    private static void edit(JsonNode root, RandomGenerator random) throws JsonProcessingException {
      JsonNode at = root;
      while (true) {
        List<String> names = new java.util.ArrayList<>();
        at.fieldNames().forEachRemaining(names::add);
        int size = at.size();
        int pick = size == 0 ? 0 : random.nextInt(size);
        JsonNode next = size == 0 ? at : at.isObject() ? at.get(names.get(pick)) : at.get(pick);
        if (size > 0 && next.isContainerNode() && random.nextInt(8) > 0) {
          at = next;
          continue;
        }
        JsonNode value = MAPPER.readTree(VALUES.get(random.nextInt(VALUES.size())));
        if (at instanceof com.fasterxml.jackson.databind.node.ObjectNode object) {
          String name = names.isEmpty() ? "x" : names.get(pick);
          switch (random.nextInt(4)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(name + "s", value);
            default -> object.set(name, value);
          }
        } else if (at instanceof com.fasterxml.jackson.databind.node.ArrayNode array && size > 0) {
          array.set(pick, value);
        }
        return;
      }
    }
  }
}
