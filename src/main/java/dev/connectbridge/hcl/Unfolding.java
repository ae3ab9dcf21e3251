package dev.connectbridge.hcl;

import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.HclBody.Block;
import dev.connectbridge.hcl.HclBody.Label;
import java.util.ArrayList;
import java.util.List;

/** Makes of a file as it is written what it says: expressions are values, dynamic blocks blocks. */
final class Unfolding {
  private static final int BLOCK = 10;

  private final Complaints complaints;
  private final World world;
  private final Dynamics dynamics;

  Unfolding(Complaints complaints, World world) {
    this.complaints = complaints;
    this.world = world;
    dynamics = new Dynamics(complaints, this);
  }

  /** Returns a file without what it defines for its own use. */
  HclBody file(Syntax.Body file) {
    List<Syntax.Block> blocks =
        file.blocks().stream().filter(block -> !Definitions.is(block)).toList();
    Syntax.Body rest = new Syntax.Body(file.attributes(), blocks, file.place());
    return body(rest, new Evaluator(world, complaints, Scope.EMPTY));
  }

  HclBody body(Syntax.Body body, Evaluator evaluator) {
    List<Attribute> attributes = new ArrayList<>();
    for (Syntax.Attribute each : body.attributes()) {
      attributes.add(new Attribute(each.name(), value(each.value(), evaluator), each.place()));
    }
    List<Block> blocks = new ArrayList<>();
    for (Syntax.Block each : body.blocks()) {
      complaints.enter(each.step());
      try {
        if (each.type().equals("dynamic")) {
          dynamic(each, evaluator, attributes, blocks);
        } else {
          blocks.add(block(each, each.type(), each.labels(), evaluator));
        }
      } catch (Fault fault) {
        complaints.problem(fault);
        if (fault.isLast()) {
          throw fault;
        }
      } finally {
        complaints.leave();
      }
    }
    return new HclBody(attributes, blocks, body.place());
  }

  private Node value(Expression written, Evaluator evaluator) {
    if (written instanceof Expression.Lost) {
      return new Node.Lost(written.place());
    }
    Complaints.Mark before = complaints.mark();
    return evaluator
        .whole(written)
        .orElseGet(() -> new Node.Unknown(complaints.since(before), written.place()));
  }

  /** Where it is not known which blocks there are, a value that nobody knows stands for them. */
  private void dynamic(
      Syntax.Block dynamic, Evaluator evaluator, List<Attribute> attributes, List<Block> blocks) {
    Complaints.Mark before = complaints.mark();
    try {
      dynamics.unfold(dynamic, evaluator, blocks);
    } catch (Fault fault) {
      complaints.problem(fault);
      if (fault.isLast()) {
        throw fault;
      }
      Node unknown = new Node.Unknown(complaints.since(before), dynamic.place());
      dynamic.labels().stream()
          .findFirst()
          .ifPresent(type -> attributes.add(new Attribute(type.text(), unknown, type.place())));
    }
  }

  /** Returns a block that says the same as another one, with a type and labels of its own. */
  Block block(Syntax.Block from, String type, List<Label> labels, Evaluator evaluator) {
    world.budget().steps(BLOCK, from.place());
    return new Block(type, labels, body(from.body(), evaluator), from.place());
  }
}
