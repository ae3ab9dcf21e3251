package dev.connectbridge.hcl;

import dev.connectbridge.spec.Value;
import java.util.List;

/** Makes the items of a list of one kind, as far as HCL does. */
final class Unity {
  private Unity() {}

  /** Returns the items; where any is allowed, a text among them makes texts of all. */
  static List<Node> of(List<Node> items, Type wanted) {
    boolean open = wanted instanceof Type.Any;
    boolean texts = items.stream().anyMatch(item -> item.value() instanceof Value.Text);
    boolean textual = items.stream().allMatch(item -> Arithmetic.isTextual(item.value()));
    return open && texts && textual
        ? items.stream().map(Type.Plain.STRING::convert).toList()
        : items;
  }
}
