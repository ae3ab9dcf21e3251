package dev.connectbridge.parse;

import dev.connectbridge.hcl.HclBody;
import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.HclBody.Label;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.spec.Origin.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What stands inside a block, before it is checked; one notation each implements it. */
interface Body {
  /** Returns what stands on this level, keys named as in HCL. */
  Level level(Shape shape, String path);

  /** Returns the whole of it as a map; blocks in it become lists of maps, as HCL2 has it. */
  Node.Entries map();

  /** One level: what is written as values, and what is written as blocks, each by its name. */
  final class Level {
    private final Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
    private final Map<String, List<Child>> blocks = new LinkedHashMap<>();

    void add(Attribute attribute) {
      attributes.computeIfAbsent(attribute.name(), name -> new ArrayList<>()).add(attribute);
    }

    void add(Child block) {
      blocks.computeIfAbsent(block.type(), type -> new ArrayList<>()).add(block);
    }

    boolean has(String name) {
      return attributes.containsKey(name) || blocks.containsKey(name);
    }

    List<Attribute> attributes(String name) {
      return attributes.getOrDefault(name, List.of());
    }

    List<Child> blocks(String type) {
      return blocks.getOrDefault(type, List.of());
    }

    Collection<List<Attribute>> attributes() {
      return attributes.values();
    }

    Collection<List<Child>> blocks() {
      return blocks.values();
    }

    /** Returns where each name is written first; a value comes before a block of its name. */
    Map<String, Place> places() {
      Map<String, Place> places = new LinkedHashMap<>();
      attributes.forEach((name, all) -> places.put(name, all.get(0).place()));
      blocks.forEach((type, all) -> places.putIfAbsent(type, all.get(0).place()));
      return places;
    }
  }

  /** A block inside a block. */
  record Child(String type, List<Label> labels, Place place, Body body) {}

  /** Returns the body of HCL text. */
  static Body of(HclBody body) {
    return new HclLevels(body);
  }
}
