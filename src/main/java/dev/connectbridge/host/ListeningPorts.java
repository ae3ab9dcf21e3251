package dev.connectbridge.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The TCP ports that somebody on this machine listens on, as Linux tells them. */
public final class ListeningPorts {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final String LISTENING = "0A";

  private ListeningPorts() {}

  /** Returns the ports that are listened on now; none where the system does not tell. */
  public static SortedSet<Integer> now() {
    SortedSet<Integer> ports = new TreeSet<>();
    for (Path table : TABLES) {
      try (Stream<String> lines = Files.lines(table, StandardCharsets.US_ASCII)) {
        lines.skip(1).forEach(line -> addTo(ports, line));
      } catch (IOException e) {
        // not Linux, or no /proc: then nothing is known to be taken
      }
    }
    return ports;
  }

  /** A line reads {@code sl local_address rem_address st …}, numbers in hex. */
  static void addTo(SortedSet<Integer> ports, String line) {
    String[] columns = line.strip().split("\\s+", -1);
    if (columns.length > 3 && columns[3].equals(LISTENING)) {
      ports.add(Integer.parseInt(columns[1].substring(columns[1].lastIndexOf(':') + 1), 16));
    }
  }
}
