package dev.connectbridge.converge;

import dev.connectbridge.supervise.Readiness;
import dev.connectbridge.supervise.Supervisor;
import dev.connectbridge.supervise.Ticker;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Asks everybody who knows something of the entries, and has the book tell it in one. Nothing
 * waits: the answer comes from another thread.
 *
 * @param supervisor who knows of drains, tasks and readiness
 * @param book what passes and catalog have told
 */
public record Questions(Supervisor supervisor, ConvergenceBook book) {
  /** Each group costs some reads of the agent and the servers. */
  private static final int MOST_GROUPS = 50;

  /** Returns how far everything has come; readiness is asked for at most 50 groups. */
  public CompletionStage<Convergence> ask() {
    Set<String> groups = new TreeSet<>(book.groups());
    List<String> asked = groups.size() > MOST_GROUPS ? List.of() : List.copyOf(groups);
    CompletableFuture<SortedMap<String, Readiness>> near = readiness(asked, false);
    CompletableFuture<SortedMap<String, Readiness>> far =
        near.thenCompose(
            known ->
                readiness(asked.stream().filter(group -> isReady(known, group)).toList(), true));
    return supervisor
        .status()
        .thenCombine(
            near.thenCombine(far, Answers::new),
            (status, answers) ->
                book.told(status, answers.near(), answers.far(), Ticker.SYSTEM.wall()));
  }

  private record Answers(Map<String, Readiness> near, Map<String, Readiness> far) {}

  private static boolean isReady(Map<String, Readiness> known, String group) {
    return known.containsKey(group) && known.get(group).isReady();
  }

  /** Whoever cannot be asked is left out. */
  private CompletableFuture<SortedMap<String, Readiness>> readiness(
      List<String> groups, boolean upstreams) {
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
}
