package dev.connectbridge.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.connectbridge.sidecar.TaskLogs;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import okio.ByteString;

/**
 * Writes what a container says into files, each piece once. How far it is stands in a file of its
 * own beside them, written after what it tells of and before what follows; whoever is killed in
 * between finds more in the files than is noted, and cuts it off.
 */
final class LogWriter implements Frames.Each, Closeable {
  /** Pieces of the two streams may be stored in another order than that of their times. */
  private static final Duration DISORDER = Duration.ofSeconds(5);

  private static final int NOTE = 256;
  private static final byte BLANK = ' ';

  private final String container;
  private final LogFile[] files;
  private final LogPlace[] places = {LogPlace.START, LogPlace.START};
  private final int[] again = {0, 0};
  private final boolean[] isReplay = {true, true};
  private final FileChannel note;

  private LogWriter(String container, LogFile[] files, FileChannel note) {
    this.container = container;
    this.files = files;
    this.note = note;
  }

  static LogWriter open(TaskLogs logs, String container) throws IOException {
    LogFile[] files = {LogFile.open(logs, "stdout"), LogFile.open(logs, "stderr")};
    Path path = logs.stem().resolveSibling("." + logs.stem().getFileName() + ".read");
    LogWriter writer = new LogWriter(container, files, TaskLogs.open(path));
    writer.recall(Files.readString(path, US_ASCII));
    writer.save();
    return writer;
  }

  private void recall(String noted) throws IOException {
    String[] words = noted.strip().split(" ", -1);
    if (words.length != 5 || !words[0].equals(container)) {
      return;
    }
    try {
      for (int i = 0; i < 2; i++) {
        places[i] = LogPlace.parse(words[1 + 2 * i]);
        files[i].cutTo(Long.parseLong(words[2 + 2 * i]));
      }
    } catch (DateTimeException | NumberFormatException e) {
      // Not written by us. All is read once more: better twice than not at all.
      places[0] = LogPlace.START;
      places[1] = LogPlace.START;
    }
  }

  /** Returns the time from which on the engine is asked for more. */
  Optional<Instant> since() {
    return Stream.of(places)
        .flatMap(place -> place.last().stream())
        .max(Instant::compareTo)
        .map(last -> last.minus(DISORDER));
  }

  /** Is told that what follows begins at {@link #since}, and may have been written already. */
  void replay() {
    for (int i = 0; i < 2; i++) {
      again[i] = 0;
      isReplay[i] = places[i].last().isPresent();
    }
  }

  @Override
  public void frame(boolean isError, ByteString bytes) throws IOException {
    int which = isError ? 1 : 0;
    int blank = bytes.indexOf(new byte[] {BLANK});
    Optional<Instant> at = time(bytes, blank);
    if (at.isPresent() && isKnown(which, at.get())) {
      return;
    }
    ByteString text = at.isPresent() ? bytes.substring(blank + 1) : bytes;
    if (!files[which].holds(text)) {
      pause();
      files[which].rotate();
      save();
    }
    files[which].add(text);
    at.ifPresent(time -> places[which] = places[which].after(time));
  }

  private static Optional<Instant> time(ByteString bytes, int blank) {
    try {
      return blank <= 0
          ? Optional.empty()
          : Optional.of(Instant.parse(bytes.substring(0, blank).string(US_ASCII)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private boolean isKnown(int which, Instant at) {
    LogPlace place = places[which];
    if (!isReplay[which] || place.last().isEmpty()) {
      return false;
    }
    int order = at.compareTo(place.last().get());
    if (order == 0 && again[which] < place.count()) {
      again[which]++;
      return true;
    }
    isReplay[which] = order < 0;
    return order < 0;
  }

  @Override
  public void pause() throws IOException {
    files[0].write();
    files[1].write();
    save();
  }

  /** One small write, which the kernel does wholly or not at all when this process is killed. */
  private void save() throws IOException {
    StringBuilder text = new StringBuilder(container);
    for (int i = 0; i < 2; i++) {
      text.append(' ').append(places[i]).append(' ').append(files[i].length());
    }
    byte[] line = (text + " ".repeat(Math.max(0, NOTE - text.length()))).getBytes(US_ASCII);
    note.write(ByteBuffer.wrap(line), 0);
  }

  @Override
  public void close() throws IOException {
    files[0].close();
    files[1].close();
    note.close();
  }
}
