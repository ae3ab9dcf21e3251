package dev.connectbridge.parse;

import dev.connectbridge.hcl.Decoding;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.parse.TreeReader.Tree;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Value;
import java.util.Locale;

/** What {@code jsondecode} and {@code yamldecode} are made of. */
final class Decoders implements Decoding {

  @Override
  public Node decoded(String notation, String text) {
    boolean json = notation.equals("json");
    Tree tree = json ? TreeReader.json("", text) : TreeReader.yaml("", text);
    if (!tree.problems().isEmpty()) {
      Problem first = tree.problems().get(0);
      throw new IllegalArgumentException(
          "%s, in line %d, column %d of the text"
              .formatted(first.message(), first.place().line(), first.place().column()));
    }
    if (tree.root().isEmpty() && json) {
      throw new IllegalArgumentException(
          "expected %s, found nothing".formatted(notation.toUpperCase(Locale.ROOT)));
    }
    return tree.root()
        .orElseGet(
            () ->
                new Node.Scalar(
                    new Value.Nothing(), new dev.connectbridge.spec.Origin.Place(1, 1)));
  }
}
