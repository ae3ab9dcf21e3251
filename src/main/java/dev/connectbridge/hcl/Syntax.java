package dev.connectbridge.hcl;

import dev.connectbridge.hcl.HclBody.Label;
import dev.connectbridge.spec.Origin.Place;
import java.util.List;

/** A file as it is written: blocks and expressions of which nothing has been worked out. */
final class Syntax {
  private Syntax() {}

  /** What stands between the braces of a block, or in a whole file. */
  record Body(List<Attribute> attributes, List<Block> blocks, Place place) {
    public Body {
      attributes = List.copyOf(attributes);
      blocks = List.copyOf(blocks);
    }
  }

  /** A name, and the expression behind its equals sign. */
  record Attribute(String name, Expression value, Place place) {}

  /** A block. */
  record Block(String type, List<Label> labels, Body body, Place place) {
    public Block {
      labels = List.copyOf(labels);
    }

    /** Returns what the block is called in the path of a problem. */
    String step() {
      return Syntax.step(type, labels);
    }
  }

  static String step(String type, List<Label> labels) {
    StringBuilder step = new StringBuilder(type);
    labels.forEach(label -> step.append('.').append(label.text()));
    return step.toString();
  }
}
