package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Goes over a list, a set or an object, as every kind of loop does. */
final class Walk {

  /** Texts in the order of their code points, which is that of their bytes in UTF-8. */
  static final Comparator<String> ORDER = Walk::compare;

  private Walk() {}

  /** One round: the index or key, and the value. */
  record Round(Node key, Node value) {

    /** Returns the names of a for, given what they stand for in this round. */
    Map<String, Node> named(List<String> names) {
      if (names.size() == 1) {
        return Map.of(names.get(0), value);
      }
      // two names may be one: the value wins, as a later assignment would
      Map<String, Node> named = new LinkedHashMap<>();
      named.put(names.get(0), key);
      named.put(names.get(1), value);
      return named;
    }
  }

  static List<Round> over(Node whole, Place place) {
    List<Round> rounds = new ArrayList<>();
    if (whole instanceof Node.Items items) {
      for (Node item : items.items()) {
        Node index = new Node.Scalar(Value.Num.of(rounds.size()), item.place());
        rounds.add(new Round(items.set() ? item : index, item));
      }
      return rounds;
    }
    if (whole instanceof Node.Entries entries) {
      for (String key : keys(entries)) {
        Node.Member member = entries.members().get(key);
        rounds.add(new Round(new Node.Scalar(new Value.Text(key), member.key()), member.node()));
      }
      return rounds;
    }
    throw new Fault(
        place, "expected a list or object to go over, found " + Arithmetic.kind(whole.value()));
  }

  /** Returns the keys of an object in the order in which HCL goes over them. */
  static List<String> keys(Node.Entries entries) {
    return entries.members().keySet().stream().sorted(ORDER).toList();
  }

  private static int compare(String left, String right) {
    int shorter = Math.min(left.length(), right.length());
    for (int at = 0; at < shorter; at++) {
      char one = left.charAt(at);
      char other = right.charAt(at);
      if (one != other) {
        boolean halves = Character.isSurrogate(one) != Character.isSurrogate(other);
        return halves ? (Character.isSurrogate(one) ? 1 : -1) : Character.compare(one, other);
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
