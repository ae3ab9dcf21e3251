package dev.connectbridge.parse;

import java.util.LinkedHashMap;
import java.util.Map;

/** All shapes of a spec's own keys, each under a name of its own. */
final class Shapes {
  private final Map<Shape, String> names = new LinkedHashMap<>();

  private Shapes() {}

  /** Returns the shapes below the top of a file, in the order in which they are met. */
  static Map<Shape, String> named() {
    Shapes shapes = new Shapes();
    shapes.below(JobShapes.FILE, "");
    return shapes.names;
  }

  private void below(Shape shape, String around) {
    for (Key key : shape.keys()) {
      if (isDescribed(key) && key.inside().isPresent()) {
        add(key.inside().get(), around);
      }
    }
  }

  private void add(Shape shape, String around) {
    if (names.containsKey(shape)) {
      return;
    }
    String name = names.containsValue(shape.name()) ? around + "_" + shape.name() : shape.name();
    if (names.containsValue(name)) {
      throw new IllegalStateException("two shapes are called " + name);
    }
    names.put(shape, name);
    below(shape, name);
  }

  /** What the API alone has, and what is passed over, has no place in a description. */
  static boolean isDescribed(Key key) {
    return !key.is(Key.Mark.API_ONLY) && !key.is(Key.Mark.IGNORED);
  }
}
