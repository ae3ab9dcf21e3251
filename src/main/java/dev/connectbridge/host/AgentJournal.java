package dev.connectbridge.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Who the agent was, on disk: a line for each word of it. */
public final class AgentJournal {
  private final Path file;

  /** Creates the journal of an owner below a data directory. */
  public AgentJournal(Path dataDirectory, String owner) {
    this.file = dataDirectory.resolve("agent-" + owner.replaceAll("[^A-Za-z0-9._-]", "-"));
  }

  /** Returns whether anything was kept, as far as this user may see. */
  public boolean isThere() {
    return Files.exists(file);
  }

  /** Returns the words kept, in their order; none where nothing was. */
  public List<String> read() {
    try {
      return new AppendLog(file, 0).lines();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** Replaces what is kept. */
  public void write(List<String> words) {
    try {
      new AppendLog(file, 0).replace(words);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
