package dev.connectbridge.converge;

import dev.connectbridge.supervise.Readiness;
import dev.connectbridge.supervise.Supervisor;
import dev.connectbridge.supervise.Ticker;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Asks everybody who knows something of the entries, and has the book tell it in one. Nothing
 * waits: the answer comes from another thread. Safe for use by several threads.
 */
public final class Questions {
  /** Each group costs some reads of the agent and the servers. */
  private static final int MOST_GROUPS = 50;

  private final Supervisor supervisor;
  private final ConvergenceBook book;
  private final Turns turns = new Turns(MOST_GROUPS);

  /**
   * Creates those of one daemon.
   *
   * @param supervisor who knows of drains, tasks and readiness
   * @param book what passes and catalog have told
   */
  public Questions(Supervisor supervisor, ConvergenceBook book) {
    this.supervisor = supervisor;
    this.book = book;
  }

  /**
   * Returns how far everything has come; readiness is asked for at most 50 groups at a time, by
   * turns.
   */
  public CompletionStage<Convergence> ask() {
    Set<String> groups = Set.copyOf(turns.next(book.groups()));
    return readiness(groups, false)
        .thenCompose(
            near -> readiness(ready(near), true).thenApply(far -> new Asked(groups, near, far)))
        .thenCombine(
            supervisor.status(), (asked, status) -> book.told(status, asked, Ticker.SYSTEM.wall()));
  }

  /** Whoever's proxies do not listen reaches nobody. */
  private static Collection<String> ready(Map<String, Readiness> near) {
    return near.entrySet().stream()
        .filter(answer -> answer.getValue().isReady())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whoever cannot be asked is left out. */
  private CompletableFuture<SortedMap<String, Readiness>> readiness(
      Collection<String> groups, boolean upstreams) {
    SortedMap<String, Readiness> answers = new ConcurrentSkipListMap<>();
    CompletableFuture<?>[] all =
        groups.stream()
            .map(
                group ->
                    supervisor
                        .readiness(group, upstreams)
                        .handle(
                            (answer, error) -> error == null ? answers.put(group, answer) : null))
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(all).thenApply(any -> new TreeMap<>(answers));
  }

  /**
   * Whom it was asked this time whether they are ready, and what came of it; by the names of
   * groups.
   *
   * @param groups who was asked
   * @param near whether their proxies listen; of those who answered
   * @param far whether their upstreams are ready as well; of those whose proxies listen
   */
  public record Asked(Set<String> groups, Map<String, Readiness> near, Map<String, Readiness> far) {
    /** Nobody was asked. */
    public static final Asked NOBODY = new Asked(Set.of(), Map.of(), Map.of());

    public Asked {
      groups = Set.copyOf(groups);
      near = Map.copyOf(near);
      far = Map.copyOf(far);
    }
  }
}
