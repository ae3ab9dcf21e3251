package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Functions.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions of objects, and those that change what a value is. */
final class ObjectFunctions {
  private ObjectFunctions() {}

  static void add(Table table) {
    table
        .add("keys", 1, call -> call.texts(Walk.keys(call.object(0))))
        .add("values", 1, ObjectFunctions::values)
        .add("lookup", 2, 3, ObjectFunctions::lookup)
        .add("merge", 0, Functions.ANY_NUMBER, ObjectFunctions::merge)
        .add("zipmap", 2, ObjectFunctions::zipmap)
        .add("tostring", 1, call -> as(call, Type.Plain.STRING))
        .add("tonumber", 1, call -> as(call, Type.Plain.NUMBER))
        .add("tobool", 1, call -> as(call, Type.Plain.BOOL))
        .add("tolist", 1, call -> as(call, new Type.ListOf(false, Types.ANY)))
        .add("toset", 1, call -> as(call, new Type.ListOf(true, Types.ANY)))
        .add("tomap", 1, call -> as(call, new Type.MapOf(Types.ANY)));
  }

  private static Node as(Arguments call, Type type) {
    return type.convert(Evaluator.moved(call.node(0), call.place()));
  }

  private static Node values(Arguments call) {
    Node.Entries entries = call.object(0);
    return call.answer(
        Walk.keys(entries).stream().map(key -> entries.members().get(key).node()).toList());
  }

  private static Node lookup(Arguments call) {
    Node.Member found = call.object(0).members().get(call.text(1));
    if (found != null) {
      return found.node();
    }
    if (call.size() < 3) {
      throw call.fault(
          "there is no key \"%s\", and no other value is given"
              .formatted(Found.shortened(call.text(1))));
    }
    return call.node(2);
  }

  private static Node merge(Arguments call) {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    for (int at = 0; at < call.size(); at++) {
      if (!call.isNull(at)) {
        members.putAll(call.object(at).members());
        call.steps(members.size());
      }
    }
    return new Node.Entries(members, call.place());
  }

  private static Node zipmap(Arguments call) {
    List<String> keys = call.texts(0);
    List<Node> values = call.list(1);
    if (keys.size() != values.size()) {
      throw call.fault("there are %d keys, but %d values".formatted(keys.size(), values.size()));
    }
    Map<String, Node> members = new LinkedHashMap<>();
    for (int at = 0; at < keys.size(); at++) {
      members.put(keys.get(at), values.get(at));
    }
    return call.answer(members);
  }
}
