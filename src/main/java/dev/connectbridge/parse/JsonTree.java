package dev.connectbridge.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.parse.TreeReader.Tree;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One JSON text on its way to a tree. */
final class JsonTree {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(TreeReader.DEEPEST + 2)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final Source source;
  private final List<Problem> problems = new ArrayList<>();

  JsonTree(Source source) {
    this.source = source;
  }

  Tree read() {
    try (JsonParser parser = FACTORY.createParser(source.text())) {
      return new Tree(root(parser), problems);
    } catch (Unreadable stop) {
      return failed(stop.place(), stop.getMessage());
    } catch (StreamConstraintsException beyond) {
      return failed(place(beyond.getLocation()), "a name or number here is too long");
    } catch (JsonProcessingException malformed) {
      return failed(place(malformed.getLocation()), malformed(malformed));
    } catch (IOException never) {
      throw new IllegalStateException("a text in memory cannot fail", never);
    }
  }

  private Tree failed(Place place, String message) {
    problems.add(source.problem(place, message));
    return new Tree(Optional.empty(), problems);
  }

  private String malformed(JsonProcessingException malformed) {
    String original = String.valueOf(malformed.getOriginalMessage());
    if (original.startsWith("Non-standard token")) {
      return "this is not JSON: a number must be finite";
    }
    String found = source.found(place(malformed.getLocation()));
    return found.startsWith("the end of the text")
        ? "this JSON ends too early: something that was opened is not closed"
        : "this is not JSON: " + found + " was not expected here";
  }

  private Optional<Node> root(JsonParser parser) throws IOException, Unreadable {
    if (parser.nextToken() == null) {
      return Optional.empty();
    }
    Node root = node(parser, 0);
    if (parser.nextToken() != null) {
      throw new Unreadable(here(parser), "more text after the end of the JSON value");
    }
    return Optional.of(root);
  }

  private Node node(JsonParser parser, int depth) throws IOException, Unreadable {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return entries(parser, TreeReader.deeper(depth, here(parser)));
    }
    if (token == JsonToken.START_ARRAY) {
      return items(parser, TreeReader.deeper(depth, here(parser)));
    }
    return new Node.Scalar(scalar(parser, token), here(parser));
  }

  private Node entries(JsonParser parser, int depth) throws IOException, Unreadable {
    Place begin = here(parser);
    Map<String, Node.Member> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      Place key = here(parser);
      parser.nextToken();
      Node.Member member = new Node.Member(key, node(parser, depth));
      Node.Member first = members.putIfAbsent(name, member);
      if (first != null) {
        problems.add(Duplicates.key(source, name, key, first.key()));
        members.put(name, new Node.Member(first.key(), new Node.Lost(first.key())));
      }
    }
    return new Node.Entries(members, begin);
  }

  private Node items(JsonParser parser, int depth) throws IOException, Unreadable {
    Place begin = here(parser);
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(parser, depth));
    }
    return new Node.Items(items, begin);
  }

  private Value scalar(JsonParser parser, JsonToken token) throws IOException, Unreadable {
    if (token == JsonToken.VALUE_STRING) {
      return new Value.Text(parser.getText());
    }
    if (token == JsonToken.VALUE_NULL) {
      return new Value.Nothing();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return new Value.Bool(token == JsonToken.VALUE_TRUE);
    }
    Place place = here(parser);
    return Numbers.read(parser.getText())
        .orElseThrow(() -> new Unreadable(place, "this number is beyond all use"));
  }

  private static Place here(JsonParser parser) {
    return place(parser.currentTokenLocation());
  }

  private static Place place(JsonLocation location) {
    return location == null
        ? new Place(1, 1)
        : new Place(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }
}
