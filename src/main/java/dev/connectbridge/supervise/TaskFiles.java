package dev.connectbridge.supervise;

import dev.connectbridge.sidecar.TaskDirs;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the data directory holds of tasks: {@code tasks/ID.json}, {@code alloc/ALLOCATION/…}, {@code
 * logs/GROUP/…} and {@code groups/GROUP.env}. Directories are 0700, files 0600; only those above a
 * task's own are 0711. So a task of another user reaches its own by their paths as soon as an
 * operator lets others pass the data directory itself, and nobody reaches anything more.
 */
final class TaskFiles {
  private static final Logger log = LoggerFactory.getLogger(TaskFiles.class);
  private static final FileAttribute<?> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> PASSABLE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));
  private static final FileAttribute<?> OUR_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path data;

  TaskFiles(Path data) {
    this.data = data;
  }

  /** Returns where the directories of a task are; they may not be there. */
  TaskDirs dirs(String allocation, String group, String task) {
    Path home = data.resolve("alloc").resolve(safe(allocation));
    return new TaskDirs(
        home.resolve("alloc"),
        home.resolve(safe(task)).resolve("local"),
        home.resolve(safe(task)).resolve("secrets"),
        data.resolve("logs").resolve(safe(group)));
  }

  /** Makes the directories of a task, where they are not there yet. */
  TaskDirs prepare(String allocation, String group, String task) throws IOException {
    TaskDirs dirs = dirs(allocation, group, task);
    Files.createDirectories(data, OURS);
    Files.createDirectories(dirs.local().getParent(), PASSABLE);
    for (Path directory : List.of(dirs.alloc(), dirs.local(), dirs.secrets(), dirs.logs())) {
      Files.createDirectories(directory, OURS);
    }
    return dirs;
  }

  private static String safe(String name) {
    String safe = name.replaceFirst("\\[(\\d+)]$", ".$1").replaceAll("[^A-Za-z0-9._-]", "-");
    return safe.startsWith(".") ? "-" + safe : safe;
  }

  /** Returns what was kept of the tasks that were started, by their names. */
  SortedMap<String, TaskRecord> records() {
    SortedMap<String, TaskRecord> records = new TreeMap<>();
    for (Path file : files(data.resolve("tasks"), ".json")) {
      try {
        Wording.read(Files.readString(file))
            .map(TaskRecord::of)
            .ifPresent(record -> records.put(record.id(), record));
      } catch (IOException e) {
        log.error("{} cannot be read: {}", file, e.getMessage());
      }
    }
    return records;
  }

  private static List<Path> files(Path directory, String ending) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> names = Files.list(directory)) {
      return names.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      log.error("{} cannot be read: {}", directory, e.getMessage());
      return List.of();
    }
  }

  void keep(TaskRecord record) throws IOException {
    write(data.resolve("tasks").resolve(safe(record.id()) + ".json"), record.text());
  }

  /** Removes a task's record and its directories; its logs stay. */
  void forget(TaskRecord record, String task) {
    try {
      Files.deleteIfExists(data.resolve("tasks").resolve(safe(record.id()) + ".json"));
      Path home = data.resolve("alloc").resolve(safe(record.leaving().allocation()));
      delete(home.resolve(safe(task)));
      if (onlyShared(home)) {
        delete(home);
      }
    } catch (IOException e) {
      log.warn("not everything of task {} could be removed: {}", record.id(), e.getMessage());
    }
  }

  private static boolean onlyShared(Path home) throws IOException {
    if (!Files.isDirectory(home)) {
      return false;
    }
    try (Stream<Path> names = Files.list(home)) {
      return names.allMatch(name -> name.endsWith("alloc"));
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.walk(tree)) {
      all.sorted(Comparator.reverseOrder()).forEach(found::add);
    }
    for (Path path : found) {
      Files.deleteIfExists(path);
    }
  }

  /** Makes the groups' environments these, and no others. */
  void environments(SortedMap<String, String> texts) {
    Path groups = data.resolve("groups");
    try {
      for (Path file : files(groups, ".env")) {
        if (!texts.containsKey(file.getFileName().toString())) {
          Files.deleteIfExists(file);
        }
      }
      for (var text : texts.entrySet()) {
        Path file = groups.resolve(text.getKey());
        if (!Files.exists(file) || !Files.readString(file).equals(text.getValue())) {
          write(file, text.getValue());
        }
      }
    } catch (IOException e) {
      log.warn("the environments of the groups could not be written: {}", e.getMessage());
    }
  }

  /** Writes a file that is whole at every moment. */
  static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent(), OURS);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createFile(fresh, OUR_FILE);
    } catch (FileAlreadyExistsException e) {
      // left by a crash
    }
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
