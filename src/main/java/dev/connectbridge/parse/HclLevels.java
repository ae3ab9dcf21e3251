package dev.connectbridge.parse;

import dev.connectbridge.hcl.HclBody;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.spec.Origin.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** HCL: what it is written as is what it is. */
record HclLevels(HclBody body) implements Body {

  @Override
  public Level level(Shape shape, String path) {
    Level level = new Level();
    body.attributes().forEach(level::add);
    body.blocks().forEach(block -> level.add(child(block)));
    return level;
  }

  private static Child child(HclBody.Block block) {
    return new Child(block.type(), block.labels(), block.place(), new HclLevels(block.body()));
  }

  @Override
  public Node.Entries map() {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    for (HclBody.Attribute attribute : body.attributes()) {
      members.put(attribute.name(), new Node.Member(attribute.place(), attribute.value()));
    }
    Map<String, List<HclBody.Block>> types =
        body.blocks().stream()
            .collect(
                Collectors.groupingBy(
                    HclBody.Block::type, LinkedHashMap::new, Collectors.toList()));
    types.forEach((type, blocks) -> members.put(type, list(blocks)));
    return new Node.Entries(members, body.place());
  }

  private static Node.Member list(List<HclBody.Block> blocks) {
    Place place = blocks.get(0).place();
    List<Node> items = blocks.stream().map(block -> labelled(block, 0)).toList();
    return new Node.Member(place, new Node.Items(items, place));
  }

  private static Node labelled(HclBody.Block block, int depth) {
    if (depth == block.labels().size()) {
      return new HclLevels(block.body()).map();
    }
    HclBody.Label label = block.labels().get(depth);
    Node inner = new Node.Items(List.of(labelled(block, depth + 1)), label.place());
    return new Node.Entries(
        Map.of(label.text(), new Node.Member(label.place(), inner)), block.place());
  }
}
