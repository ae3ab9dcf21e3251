package dev.connectbridge.spec;

import java.util.Map;
import java.util.Optional;

/**
 * Where a block of a spec stands, so that whoever finds fault with it later can say where.
 *
 * @param file the file as the user named it, or as it is named below the directory given
 * @param path the path of the block inside the file, for instance {@code
 *     job.countdash.group.api.service[0]}; empty for the file itself
 * @param place where the block begins
 * @param keys where each of its keys is written
 */
public record Origin(String file, String path, Place place, Map<String, Place> keys) {

  /** A spec that was built by a program and stands in no file. */
  public static final Origin NONE = new Origin("", "", new Place(0, 0), Map.of());

  public Origin {
    keys = Map.copyOf(keys);
  }

  /** A place in a text; lines and columns count from 1, 0 means that there is no text. */
  public record Place(int line, int column) {}

  /** Returns the origin of a whole file. */
  public static Origin of(String file) {
    return new Origin(file, "", new Place(1, 1), Map.of());
  }

  /** Returns a problem with the block itself. */
  public Problem problem(String message) {
    return new Problem(file, path, place, message);
  }

  /** Returns a problem with one key of the block, placed at the key where it is written. */
  public Problem problem(String key, String message) {
    Place at = Optional.ofNullable(keys.get(key)).orElse(place);
    return new Problem(file, path.isEmpty() ? key : path + "." + key, at, message);
  }
}
