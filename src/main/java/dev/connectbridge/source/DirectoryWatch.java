package dev.connectbridge.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says that something in one of many directories has changed. Watches only once somebody asks. */
final class DirectoryWatch implements AutoCloseable {
  private static final WatchEvent.Kind<?>[] ALL = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_MODIFY,
    StandardWatchEventKinds.ENTRY_DELETE
  };

  private final Set<Path> waiting = new LinkedHashSet<>();
  private final Set<Path> waitingEntries = new LinkedHashSet<>();
  private final Set<WatchKey> watched = new HashSet<>();
  private final Map<WatchKey, Set<Path>> entries = new HashMap<>();
  private WatchService service;
  private volatile Runnable changed;

  /**
   * Watches these as well; a directory that is watched already stays so. They were listed before
   * they are watched, so a new one is reported as changed: something may have come in between.
   */
  synchronized void add(Collection<Path> directories) {
    if (service == null) {
      waiting.addAll(directories);
      return;
    }
    boolean any = false;
    for (Path directory : directories) {
      try {
        any |= watched.add(directory.register(service, ALL));
      } catch (IOException | ClosedWatchServiceException e) {
        // it has just gone: reading says so, and the resync looks again
      }
    }
    watched.removeIf(key -> !key.isValid());
    if (any) {
      changed.run();
    }
  }

  /**
   * Watches for one entry of a directory to come, go or be replaced: of its own moving away a
   * directory tells nothing. What else happens beside it is not reported.
   */
  synchronized void addEntry(Path entry) {
    if (service == null) {
      waitingEntries.add(entry);
      return;
    }
    Path whole = entry.toAbsolutePath().normalize();
    if (whole.getParent() == null) {
      return;
    }
    try {
      WatchKey key = whole.getParent().register(service, ALL);
      if (entries.computeIfAbsent(key, any -> new HashSet<>()).add(whole.getFileName())) {
        changed.run();
      }
    } catch (IOException | ClosedWatchServiceException e) {
      // as above
    }
    entries.keySet().removeIf(key -> !key.isValid());
  }

  private synchronized boolean matters(WatchKey key, List<WatchEvent<?>> events) {
    Set<Path> names = entries.getOrDefault(key, Set.of());
    return !events.isEmpty()
        && (watched.contains(key)
            || events.stream()
                .map(WatchEvent::context)
                .anyMatch(name -> name == null || names.contains(name)));
  }

  /** Watches the nearest directory that exists above a path that does not. */
  void addNearest(Path missing) {
    Path parent = missing.toAbsolutePath().getParent();
    while (parent != null && !Files.isDirectory(parent)) {
      parent = parent.getParent();
    }
    if (parent != null) {
      add(List.of(parent));
    }
  }

  synchronized void onChange(Runnable listener) {
    changed = listener;
    if (service != null) {
      return; // somebody else listens from now on
    }
    try {
      service = FileSystems.getDefault().newWatchService();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot watch directories", e);
    }
    add(List.copyOf(waiting));
    waiting.clear();
    waitingEntries.forEach(this::addEntry);
    waitingEntries.clear();
    WatchService own = service;
    Thread thread = new Thread(() -> follow(own, () -> changed.run()), "connect-bridge-source");
    thread.setDaemon(true);
    thread.start();
  }

  private void follow(WatchService service, Runnable changed) {
    try {
      while (true) {
        WatchKey key = service.take();
        boolean any = matters(key, key.pollEvents());
        key.reset();
        if (any) {
          changed.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ClosedWatchServiceException e) {
      // close() was called: that is how this thread ends
    }
  }

  @Override
  public synchronized void close() {
    if (service != null) {
      try {
        service.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot stop watching directories", e);
      }
    }
  }
}
