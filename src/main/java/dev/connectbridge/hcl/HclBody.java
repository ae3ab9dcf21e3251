package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import java.util.List;

/**
 * What stands between the braces of a block, or in a whole file: attributes and blocks, each in the
 * order written. Blocks of one type may repeat, attributes may not.
 *
 * @param attributes the {@code name = value} lines, evaluated
 * @param blocks the nested blocks
 * @param place where the body begins
 */
public record HclBody(List<Attribute> attributes, List<Block> blocks, Place place) {
  public HclBody {
    attributes = List.copyOf(attributes);
    blocks = List.copyOf(blocks);
  }

  /**
   * A {@code name = value} line.
   *
   * @param name the name
   * @param value the value; a {@code ${…}} that only the runtime can fill in stands in its text as
   *     it was written
   * @param place where the name is written
   */
  public record Attribute(String name, Node value, Place place) {}

  /**
   * A {@code type "label" { … }} block.
   *
   * @param type its type
   * @param labels its labels
   * @param body what is in it
   * @param place where its type is written
   */
  public record Block(String type, List<Label> labels, HclBody body, Place place) {
    public Block {
      labels = List.copyOf(labels);
    }
  }

  /**
   * A label of a block.
   *
   * @param text the label
   * @param place where it is written
   */
  public record Label(String text, Place place) {}
}
