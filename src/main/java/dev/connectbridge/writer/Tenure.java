package dev.connectbridge.writer;

import dev.connectbridge.host.AppendLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a bridge remembers of its lock, on the disk if it has a place there: written whole and moved
 * into place, 0600, since a session can be ended by whoever knows it.
 */
final class Tenure {
  private static final Logger log = LoggerFactory.getLogger(Tenure.class);

  private final Optional<Path> file;
  private Kept kept;

  /**
   * What is kept.
   *
   * @param key the key that it is about
   * @param session the session that has, or may have, its lock
   * @param epoch the last epoch that was written under
   */
  record Kept(String key, Optional<String> session, long epoch) {
    static final Kept NOTHING = new Kept("", Optional.empty(), 0);
  }

  /** Creates one that is kept in a directory, or nowhere. */
  Tenure(Optional<Path> directory) {
    this.file = directory.map(at -> at.resolve("writer"));
    this.kept = file.map(Tenure::read).orElse(Kept.NOTHING);
  }

  private static Kept read(Path file) {
    try {
      List<String> lines = new AppendLog(file, 0).lines();
      boolean whole = lines.size() == 3 && lines.get(2).matches("[0-9]{1,18}");
      return whole
          ? new Kept(
              lines.get(0),
              Optional.of(lines.get(1)).filter(session -> !session.isEmpty()),
              Long.parseLong(lines.get(2)))
          : Kept.NOTHING;
    } catch (IOException e) {
      log.warn("what was kept of the writer's lock cannot be read: {}", e.getMessage());
      return Kept.NOTHING;
    }
  }

  /** Returns what is kept about a key; empty is about whichever there is. */
  Kept of(String key) {
    return key.isEmpty() || kept.key.equals(key) ? kept : Kept.NOTHING;
  }

  /** Keeps something else from now on. */
  void keep(Kept now) {
    if (now.equals(kept)) {
      return;
    }
    kept = now;
    file.ifPresent(
        at -> {
          try {
            new AppendLog(at, 0)
                .replace(List.of(now.key, now.session.orElse(""), Long.toString(now.epoch)));
          } catch (IOException e) {
            log.warn("the writer's lock cannot be kept for after a crash: {}", e.getMessage());
          }
        });
  }
}
