package dev.connectbridge.hcl;

import dev.connectbridge.hcl.HclBody.Label;
import dev.connectbridge.spec.Origin.Place;
import java.util.List;
import java.util.Set;

/**
 * A file as it is written: blocks and expressions of which nothing has been worked out.
 *
 * @param body what is in it
 * @param whole whether what could not be read lies in statements that are marked as lost, so that
 *     everything else stands where its author put it
 */
record Syntax(Body body, boolean whole) {

  static Syntax of(String text, Complaints complaints) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Places places = Places.of(content);
    Controls.report(content, places, complaints);
    boolean clean = !complaints.any();
    Bodies bodies = new Bodies(new Cursor(content, places), complaints);
    Body body = bodies.file();
    return new Syntax(body, clean && bodies.isWhole());
  }

  /** What stands between the braces of a block, or in a whole file. */
  record Body(List<Attribute> attributes, List<Block> blocks, Place place) {
    public Body {
      attributes = List.copyOf(attributes);
      blocks = List.copyOf(blocks);
    }

    /** Returns whether there is something of one of these names here that could not be read. */
    boolean hasLost(Set<String> names) {
      return attributes.stream().anyMatch(each -> each.isLost() && names.contains(each.name()));
    }
  }

  /**
   * A name, and the expression behind its equals sign.
   *
   * @param name the name; empty where something stands that could not even be named
   */
  record Attribute(String name, Expression value, Place place) {

    /** Creates what stands for something that could not be read. */
    static Attribute lost(String name, Place place) {
      return new Attribute(name, new Expression.Lost(place), place);
    }

    boolean isLost() {
      return value instanceof Expression.Lost;
    }
  }

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
    if (labels.isEmpty()) {
      return type;
    }
    StringBuilder step = new StringBuilder(type);
    labels.forEach(label -> step.append('.').append(label.text()));
    return step.toString();
  }
}
