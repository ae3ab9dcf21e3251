package dev.connectbridge.parse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;

/** Where a block belongs that stands somewhere else. */
final class Homes {
  private Homes() {}

  /** A block's key, and the blocks around it, from the file inwards. */
  record Home(Key key, List<String> around) {
    @Override
    public String toString() {
      return around.isEmpty() ? "the top of a file" : String.join(" > ", around);
    }
  }

  /** Returns where the outermost block of this name belongs. */
  static Optional<Home> of(String name) {
    return search(key -> key.name().equals(name) && key.kind().isBlock());
  }

  /** Returns where the outermost block belongs that the API's JSON calls so. */
  static Optional<Home> ofField(String field) {
    return search(key -> key.fields().contains(field) && key.kind().isBlock());
  }

  /** Returns {@code ; it belongs in …}, or nothing. */
  static String hint(String name) {
    return search(key -> key.name().equals(name) && isBlock(key))
        .map(home -> "; it belongs in " + home)
        .orElse("");
  }

  private record Stop(Shape shape, List<String> around) {}

  private static Optional<Home> search(Predicate<Key> wanted) {
    Queue<Stop> stops = new ArrayDeque<>();
    stops.add(new Stop(JobShapes.FILE, List.of()));
    while (!stops.isEmpty()) {
      Stop stop = stops.remove();
      Optional<Key> found = stop.shape().keys().stream().filter(wanted).findFirst();
      if (found.isPresent()) {
        return Optional.of(new Home(found.get(), stop.around()));
      }
      for (Key key : stop.shape().keys()) {
        key.inside().ifPresent(inside -> stops.add(inside(stop, key, inside)));
      }
    }
    return Optional.empty();
  }

  /** Blocks that this bridge ignores are not described further than by their mark. */
  private static boolean isBlock(Key key) {
    return key.kind().isBlock() || key.is(Key.Mark.IGNORED);
  }

  private static Stop inside(Stop stop, Key key, Shape inside) {
    List<String> around = new ArrayList<>(stop.around());
    around.add(key.name());
    return new Stop(inside, around);
  }
}
