package dev.connectbridge.source;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The groups that a program hands over: always the whole set. Until {@link #replace} is called for
 * the first time the set is unknown, not empty, so that a scheduler that has just started again
 * loses nothing. Safe for use by several threads.
 */
public final class JobList implements Source {
  private final String name;
  private final AtomicReference<Optional<List<JobSpec>>> jobs =
      new AtomicReference<>(Optional.empty());
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * Creates one whose set is not known yet.
   *
   * @param name what the source marks of its entries begin with; keep it the same over restarts
   * @throws IllegalArgumentException when the name is blank
   */
  public JobList(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a list of jobs needs a name");
    }
    this.name = name;
  }

  /**
   * Replaces the whole set; what is no longer in it is deregistered at the next pass, for which a
   * started bridge is woken. Returns at once; the list is copied.
   */
  public void replace(List<JobSpec> whole) {
    jobs.set(Optional.of(List.copyOf(whole)));
    listeners.forEach(Runnable::run);
  }

  /** Returns each job under a name of its own, so that a broken one freezes no other. */
  @Override
  public Snapshot read() {
    return jobs.get()
        .map(all -> new Snapshot(all.stream().map(this::file).toList(), true, List.of()))
        .orElseGet(() -> new Snapshot(List.of(), false, List.of(unknown())));
  }

  private Snapshot.File file(JobSpec job) {
    String part = job.allocation().map(JobSpec.Allocation::name).orElse(job.id());
    return new Snapshot.File(name + "/" + part, List.of(job), List.of(), List.of());
  }

  private Problem unknown() {
    return new Problem(
        name, "", Origin.NONE.place(), "no groups were handed over yet, so nothing is removed");
  }

  @Override
  public void onChange(Runnable changed) {
    listeners.add(changed);
  }
}
