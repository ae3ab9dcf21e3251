package dev.connectbridge.parse;

import dev.connectbridge.hcl.HclBody;
import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.HclBody.Label;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.spec.Origin.Place;
import java.util.List;

/** What stands inside a block, before it is checked; one notation each implements it. */
interface Body {
  /** Returns what stands on this level, keys named as in HCL. */
  Level level(Shape shape, String path);

  /** Returns the whole of it as a map; blocks in it become lists of maps, as HCL2 has it. */
  Node.Entries map();

  /** One level: what is written as values, and what is written as blocks. */
  record Level(List<Attribute> attributes, List<Child> blocks) {
    List<Attribute> attributes(String name) {
      return attributes.stream().filter(each -> each.name().equals(name)).toList();
    }

    List<Child> blocks(String type) {
      return blocks.stream().filter(each -> each.type().equals(type)).toList();
    }
  }

  /** A block inside a block. */
  record Child(String type, List<Label> labels, Place place, Body body) {}

  /** Returns the body of HCL text. */
  static Body of(HclBody body) {
    return new HclLevels(body);
  }
}
