package dev.connectbridge.source;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.spec.JobSpec;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** The groups that a program hands over: always the whole set. Safe for use by several threads. */
public final class JobList implements Source {
  private final String name;
  private final AtomicReference<List<JobSpec>> jobs = new AtomicReference<>(List.of());
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Creates an empty set; {@code name} becomes the source mark of its entries. */
  public JobList(String name) {
    this.name = name;
  }

  /** Replaces the whole set; what is no longer in it is deregistered. */
  public void replace(List<JobSpec> whole) {
    jobs.set(List.copyOf(whole));
    listeners.forEach(Runnable::run);
  }

  @Override
  public Snapshot read() {
    var file = new Snapshot.File(name, jobs.get(), List.of(), List.of());
    return new Snapshot(List.of(file), true, List.of());
  }

  @Override
  public void onChange(Runnable changed) {
    listeners.add(changed);
  }
}
