package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Call;
import dev.connectbridge.hcl.Expression.Entry;
import dev.connectbridge.hcl.Expression.ListOf;
import dev.connectbridge.hcl.Expression.Name;
import dev.connectbridge.hcl.Expression.ObjectOf;
import dev.connectbridge.spec.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads types as they are written behind {@code type =} and in {@code convert}. */
final class Types {
  static final Type ANY = new Type.Any();
  private static final Set<String> OF_ONE = Set.of("list", "set", "map");
  private static final List<String> NAMES =
      List.of("string", "number", "bool", "any", "list", "set", "map", "tuple", "object");

  private Types() {}

  static Type read(Expression written) {
    if (written instanceof Name name) {
      return named(name);
    }
    if (written instanceof Call call) {
      return made(call);
    }
    String quotes = written instanceof Expression.Template ? ", without quotes" : "";
    throw new Fault(written.place(), "expected a type, such as string or list(string)" + quotes);
  }

  /** Returns the type that a value without one shows by itself. */
  static Type of(Value value) {
    if (value instanceof Value.Text) {
      return Type.Plain.STRING;
    }
    if (value instanceof Value.Num) {
      return Type.Plain.NUMBER;
    }
    return value instanceof Value.Bool ? Type.Plain.BOOL : ANY;
  }

  private static Type named(Name name) {
    return switch (name.name()) {
      case "string" -> Type.Plain.STRING;
      case "number" -> Type.Plain.NUMBER;
      case "bool" -> Type.Plain.BOOL;
      case "any" -> ANY;
      case "list" -> new Type.ListOf(false, ANY);
      case "set" -> new Type.ListOf(true, ANY);
      case "map" -> new Type.MapOf(ANY);
      case "tuple" -> throw new Fault(name.place(), "expected tuple([TYPE, …])");
      case "object" -> throw new Fault(name.place(), "expected object({ KEY = TYPE, … })");
      default -> throw unknown(name.name(), name);
    };
  }

  private static Fault unknown(String written, Expression at) {
    return new Fault(
        at.place(),
        "there is no type %s: expected string, number, bool, any, list(…), set(…), map(…),"
                .formatted(Found.shortened(written))
            + " tuple([…]) or object({…})"
            + Meant.hint(written, NAMES));
  }

  private static Type made(Call call) {
    if (!NAMES.contains(call.function())) {
      throw unknown(call.function(), call);
    }
    if (call.arguments().size() != 1 || call.spread()) {
      throw new Fault(call.place(), "expected one type in " + call.function() + "(…)");
    }
    Expression inner = call.arguments().get(0);
    if (OF_ONE.contains(call.function())) {
      Type item = read(inner);
      return call.function().equals("map")
          ? new Type.MapOf(item)
          : new Type.ListOf(call.function().equals("set"), item);
    }
    if (call.function().equals("tuple") && inner instanceof ListOf list) {
      return new Type.Tuple(list.items().stream().map(Types::read).toList());
    }
    if (call.function().equals("object") && inner instanceof ObjectOf object) {
      return object(object);
    }
    throw new Fault(
        call.place(), "expected list(TYPE), tuple([TYPE, …]) or object({ KEY = TYPE, … })");
  }

  private static Type object(ObjectOf object) {
    Map<String, Type> types = new LinkedHashMap<>();
    for (Entry entry : object.entries()) {
      String key =
          entry.key() instanceof Name name
              ? name.name()
              : References.constant(entry.key())
                  .orElseThrow(() -> new Fault(entry.key().place(), "expected a name as key"));
      if (types.put(key, member(entry.value())) != null) {
        throw new Fault(
            entry.key().place(), "the key \"" + Found.shortened(key) + "\" stands twice");
      }
    }
    return new Type.ObjectOf(types);
  }

  /** A key of an object may be missing where its type is {@code optional(TYPE, DEFAULT)}. */
  private static Type member(Expression written) {
    if (!(written instanceof Call call) || !call.function().equals("optional")) {
      return read(written);
    }
    if (call.arguments().isEmpty() || call.arguments().size() > 2 || call.spread()) {
      throw new Fault(call.place(), "expected optional(TYPE) or optional(TYPE, DEFAULT)");
    }
    Type type = read(call.arguments().get(0));
    Node otherwise =
        call.arguments().size() == 1
            ? new Node.Scalar(new Value.Nothing(), call.place())
            : type.convert(Literals.read(call.arguments().get(1)));
    return new Type.Maybe(type, otherwise);
  }
}
