package dev.connectbridge.docker;

import dev.connectbridge.sidecar.TaskDirs;
import java.nio.file.Path;

/** The volumes that an author writes: {@code host:container} and what is to be so of it. */
final class Volume {
  private Volume() {}

  /**
   * Returns the volume as the engine reads it. A path that begins with {@code local/}, {@code
   * secrets/} or {@code alloc/} is one of the task's own; any other must be absolute, for the
   * engine would make a volume of its own of it, which nobody removes.
   */
  static String parse(String text, TaskDirs dirs) {
    int colon = text.indexOf(':');
    if (colon <= 0 || colon == text.length() - 1 || text.charAt(colon + 1) != '/') {
      throw new IllegalArgumentException("must read /host/path:/container/path[:ro]");
    }
    return host(text.substring(0, colon), dirs) + text.substring(colon);
  }

  private static Path host(String path, TaskDirs dirs) {
    if (path.startsWith("/")) {
      return Path.of(path);
    }
    Path relative = Path.of(path).normalize();
    Path below =
        switch (relative.getName(0).toString()) {
          case "local" -> dirs.local();
          case "secrets" -> dirs.secrets();
          case "alloc" -> dirs.alloc();
          default ->
              throw new IllegalArgumentException(
                  "must name an absolute path of this machine, or one below local/, secrets/ or alloc/");
        };
    int names = relative.getNameCount();
    return names == 1 ? below : below.resolve(relative.subpath(1, names));
  }
}
