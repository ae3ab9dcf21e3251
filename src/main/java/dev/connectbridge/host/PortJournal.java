package dev.connectbridge.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The dynamic ports that were given, on disk, for the day when bridge and agent are lost at once.
 * Written whole and moved into place, so that a crash leaves the old or the new one.
 */
public final class PortJournal {
  private static final int LAST_PORT = 65535;

  private final Path file;

  /** Creates the journal of an owner below a data directory. */
  public PortJournal(Path dataDirectory, String owner) {
    this.file = dataDirectory.resolve("ports-" + owner.replaceAll("[^A-Za-z0-9._-]", "-"));
  }

  /** Returns the ports kept, by key; a line that makes no sense is passed over. */
  public SortedMap<String, Integer> read() {
    SortedMap<String, Integer> ports = new TreeMap<>();
    try {
      new String(Files.readAllBytes(file), UTF_8).lines().forEach(line -> addTo(ports, line));
    } catch (NoSuchFileException e) {
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    return ports;
  }

  private static void addTo(SortedMap<String, Integer> ports, String line) {
    int blank = line.lastIndexOf(' ');
    if (blank > 0 && line.substring(blank + 1).matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(line.substring(blank + 1));
      if (port >= 1 && port <= LAST_PORT) {
        ports.put(line.substring(0, blank), port);
      }
    }
  }

  /** Replaces what is kept. */
  public void write(SortedMap<String, Integer> ports) {
    List<String> lines = new ArrayList<>();
    ports.forEach((key, port) -> lines.add(key + " " + port));
    try {
      new AppendLog(file, 0).replace(lines);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
