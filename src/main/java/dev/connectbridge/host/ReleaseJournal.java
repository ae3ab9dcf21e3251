package dev.connectbridge.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was given away, on disk: a line with an ID and a hash each. */
public final class ReleaseJournal {
  private final Path file;

  /** Creates the journal of an owner below a data directory. */
  public ReleaseJournal(Path dataDirectory, String owner) {
    this.file = dataDirectory.resolve("released-" + owner.replaceAll("[^A-Za-z0-9._-]", "-"));
  }

  /** Returns the hashes kept, by ID; a line that makes no sense is passed over. */
  public SortedMap<String, String> read() {
    SortedMap<String, String> all = new TreeMap<>();
    try {
      for (String line : new AppendLog(file, 0).lines()) {
        String[] words = line.split(" ", -1);
        if (words.length == 2 && !words[0].isEmpty()) {
          all.put(words[0], words[1]);
        }
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** Replaces what is kept. */
  public void write(SortedMap<String, String> hashes) {
    List<String> lines = new ArrayList<>();
    hashes.forEach((id, hash) -> lines.add(id + " " + hash));
    try {
      new AppendLog(file, 0).replace(lines);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
