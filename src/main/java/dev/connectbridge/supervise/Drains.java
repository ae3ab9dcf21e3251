package dev.connectbridge.supervise;

import dev.connectbridge.consul.OurAgent.Identity;
import dev.connectbridge.drain.Drain;
import dev.connectbridge.drain.Drain.Request;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.drain.Receipt.Cause;
import dev.connectbridge.drain.Receipt.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The drains that are under way; none has a service or a task that another has. For the
 * supervisor's thread alone.
 */
final class Drains implements Course.Ends {
  private final Edges edges;
  private final DrainPolicy policy;
  private final Course.Means means;
  private final SortedMap<String, Course> courses = new TreeMap<>();
  private Consumer<Drain> onFinish = drain -> {};
  private int notProven;

  Drains(Edges edges, Proxies proxies, Supervision settings) {
    this.edges = edges;
    this.policy = settings.policy();
    AgentSide consul = new AgentSide(edges, settings.node(), policy.criticalFirst());
    this.means = new Course.Means(edges, proxies, consul, policy.criticalFirst(), this);
  }

  /** Says who is told of each drain that is over. */
  void onFinish(Consumer<Drain> finished) {
    onFinish = finished;
  }

  /**
   * Begins a drain of what is not leaving already.
   *
   * @return the receipt of it, or of the drain that has all of it already; empty when there is
   *     nothing to drain
   */
  Optional<CompletableFuture<DrainReceipt>> begin(Leaving asked, Request request) {
    Leaving leaving =
        asked
            .without(underWay().stream().map(Drain::leaving).toList())
            .withoutServices(edges.fence()::isGivenAway);
    if (leaving.services().isEmpty() && leaving.tasks().isEmpty()) {
      return courses.values().stream()
          .filter(course -> course.drain().leaving().sharesWith(asked))
          .findFirst()
          .map(Course::receipt);
    }
    Moment requested = Moment.of(edges.ticker(), request.at());
    Optional<Identity> whose = edges.ours().known();
    Course course = new Course(means, Drain.begin(leaving, request, policy), requested, whose);
    courses.put(leaving.key(), course);
    edges.fence().close(leaving.serviceIds());
    course.journalled(edges.journal().begin(leaving, request, requested, whose));
    return Optional.of(course.receipt());
  }

  /** Takes up a drain that an earlier process has begun. */
  void takeUp(DrainJournal.Begun begun) {
    Duration longest = begun.leaving().longest().plus(policy.floor());
    Duration whole =
        Stream.of(longest, begun.deadline().orElse(longest), policy.hold().orElse(longest))
            .max(Duration::compareTo)
            .orElseThrow();
    Drain drain = Drain.begin(begun.leaving(), begun.on(edges.ticker(), whole), policy);
    for (String task : begun.signalled()) {
      drain = drain.signalled(task, edges.ticker().now());
    }
    begun.whose().ifPresent(edges.ours()::remember);
    Course course = new Course(means, drain, begun.requested(), begun.whose());
    course.sendAgain(begun.signalled());
    courses.put(begun.leaving().key(), course);
    edges.fence().close(begun.leaving().serviceIds());
  }

  /** Returns the names of the tasks that drains end. */
  Set<String> tasks() {
    Set<String> ids = new TreeSet<>();
    leavingTasks().forEach(task -> ids.add(task.id()));
    return ids;
  }

  /** Returns the tasks that drains end. */
  List<Leaving.Task> leavingTasks() {
    return underWay().stream().flatMap(drain -> drain.leaving().tasks().stream()).toList();
  }

  /** Returns whether a drain ends this task. */
  boolean hasTask(String task) {
    return courses.values().stream()
        .flatMap(course -> course.drain().leaving().tasks().stream())
        .anyMatch(one -> one.id().equals(task));
  }

  /** Returns whether a drain has any of these services. */
  boolean hasAnyOf(Leaving leaving) {
    List<String> ids = leaving.serviceIds();
    return courses.values().stream()
        .flatMap(course -> course.drain().leaving().services().stream())
        .anyMatch(service -> ids.contains(service.id()));
  }

  boolean isEmpty() {
    return courses.isEmpty();
  }

  /** Returns how many were not proven since the start. */
  int notProven() {
    return notProven;
  }

  /** Returns them as they stand. */
  List<Drain> underWay() {
    return courses.values().stream().map(Course::drain).toList();
  }

  /** A task has ended. */
  void ended(String task, String exit) {
    Duration now = edges.ticker().now();
    courses.values().forEach(course -> course.hear(drain -> drain.ended(task, now, exit)));
  }

  /**
   * What is wanted again keeps its tasks, unless one was signalled already.
   *
   * @param ids the services that are wanted, and held back by nobody
   * @param right the tasks that run and are those that are wanted
   */
  void wantedAgain(Set<String> ids, Set<String> right) {
    Duration now = edges.ticker().now();
    for (Course course : courses.values()) {
      Leaving leaving = course.drain().leaving();
      boolean asItIs =
          course.drain().cause() != Cause.REPLACED
              || leaving.tasks().stream().map(Task::id).allMatch(right::contains);
      if (asItIs && !leaving.services().isEmpty() && ids.containsAll(leaving.serviceIds())) {
        course.hear(drain -> drain.wantedAgain(now));
      }
    }
  }

  /** Does what is due; returns when to look again though nothing happens. */
  Optional<Duration> step() {
    Duration now = edges.ticker().now();
    List<Duration> later = new ArrayList<>();
    List.copyOf(courses.values()).forEach(course -> later.addAll(course.step(now)));
    return later.stream().min(Duration::compareTo);
  }

  @Override
  public void receipted(DrainReceipt receipt) {
    if (receipt.receipt().verdict() == Verdict.NOT_PROVEN) {
      notProven++;
    }
  }

  @Override
  public void over(Course course) {
    Leaving leaving = course.drain().leaving();
    courses.remove(leaving.key());
    edges.journal().end(leaving.key());
    edges.fence().open(leaving.serviceIds());
    onFinish.accept(course.drain());
  }

  /** Writes the receipts of what cannot be waited for any longer; the journal still has it. */
  void abandon() {
    courses.values().forEach(Course::issue);
  }
}
