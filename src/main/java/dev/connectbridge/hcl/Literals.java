package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Constant;
import dev.connectbridge.hcl.Expression.Entry;
import dev.connectbridge.hcl.Expression.ListOf;
import dev.connectbridge.hcl.Expression.Name;
import dev.connectbridge.hcl.Expression.ObjectOf;
import dev.connectbridge.hcl.Expression.Prefixed;
import dev.connectbridge.spec.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads values that stand for themselves, where nothing is worked out yet. */
final class Literals {
  private Literals() {}

  static Node read(Expression written) {
    if (written instanceof Constant constant) {
      return new Node.Scalar(constant.value(), constant.place());
    }
    if (written instanceof Prefixed minus
        && minus.sign() == '-'
        && minus.operand() instanceof Constant constant
        && constant.value() instanceof Value.Num num) {
      return new Node.Scalar(new Value.Num(num.number().negate()), minus.place());
    }
    if (written instanceof ListOf list) {
      return new Node.Items(list.items().stream().map(Literals::read).toList(), list.place());
    }
    if (written instanceof ObjectOf object) {
      return entries(object);
    }
    return References.constant(written)
        .<Node>map(text -> new Node.Scalar(new Value.Text(text), written.place()))
        .orElseThrow(
            () ->
                new Fault(
                    written.place(), "expected a value that stands for itself, without ${…}"));
  }

  private static Node entries(ObjectOf object) {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    for (Entry entry : object.entries()) {
      String key =
          entry.key() instanceof Name name
              ? name.name()
              : References.constant(entry.key())
                  .orElseThrow(() -> new Fault(entry.key().place(), "expected a name as key"));
      members.put(key, new Node.Member(entry.key().place(), read(entry.value())));
    }
    return new Node.Entries(members, object.place());
  }
}
