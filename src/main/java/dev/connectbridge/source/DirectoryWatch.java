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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says that something in one of many directories has changed. Watches only once somebody asks. */
final class DirectoryWatch implements AutoCloseable {
  private static final WatchEvent.Kind<?>[] ALL = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_MODIFY,
    StandardWatchEventKinds.ENTRY_DELETE
  };

  private final Set<Path> waiting = new LinkedHashSet<>();
  private final Set<WatchKey> watched = new HashSet<>();
  private WatchService service;
  private Runnable changed;

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
    try {
      service = FileSystems.getDefault().newWatchService();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot watch directories", e);
    }
    add(List.copyOf(waiting));
    waiting.clear();
    WatchService own = service;
    Thread thread = new Thread(() -> follow(own, listener), "connect-bridge-source");
    thread.setDaemon(true);
    thread.start();
  }

  private static void follow(WatchService service, Runnable changed) {
    try {
      while (true) {
        WatchKey key = service.take();
        boolean any = !key.pollEvents().isEmpty();
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
