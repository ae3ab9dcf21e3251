package dev.connectbridge.supervise;

import dev.connectbridge.drain.Due;
import dev.connectbridge.drain.Leaving.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the tasks of one drain are signalled and killed. One that is being started can be neither: it
 * is signalled as soon as its driver answers, also when its receipt could not wait for that. For
 * the supervisor's thread alone.
 */
final class Farewells {
  private static final Logger log = LoggerFactory.getLogger(Farewells.class);

  /** How long a driver may at least take to answer when a signal is due. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final Course course;
  private final Course.Means means;
  private final Set<String> sending = new HashSet<>();
  private final Set<String> again = new HashSet<>();
  private final Map<String, Duration> giveUpAt = new HashMap<>();

  Farewells(Course course, Course.Means means) {
    this.course = course;
    this.means = means;
  }

  /** Whether these signals were out, nobody knows. */
  void sendAgain(Collection<String> tasks) {
    again.addAll(tasks);
  }

  /** Does what is due; returns when to look again though nothing happens. */
  List<Duration> step(Duration now) {
    List<Duration> later = new ArrayList<>();
    Due due = course.drain().due(now);
    for (Task task : due.signals()) {
      if (means.proxies().isStarting(task.id())) {
        await(task, now, later);
      } else {
        signal(task, now);
      }
    }
    signalAgain();
    due.kills().stream()
        .filter(task -> !sending.contains(task.id()))
        .forEach(task -> kill(task, now));
    course.drain().due(now).next().ifPresent(later::add);
    return later;
  }

  /** Its driver may take as long to answer as the task might have taken to end. */
  private void await(Task task, Duration now, List<Duration> later) {
    Duration time = task.killTimeout().compareTo(ANSWER) < 0 ? ANSWER : task.killTimeout();
    Duration end = giveUpAt.computeIfAbsent(task.id(), any -> now.plus(time));
    if (now.compareTo(end) < 0) {
      later.add(end);
    } else {
      course.hear(drain -> drain.unanswered(task.id()));
    }
  }

  private void signal(Task task, Duration now) {
    Duration end = giveUpAt.remove(task.id());
    if (end != null && now.compareTo(end) >= 0) {
      log.warn(
          "a start of task {} has returned after its drain's receipt: it is signalled", task.id());
    }
    course.journalled(means.edges().journal().signalled(course.drain().leaving().key(), task.id()));
    course.hear(drain -> drain.signalled(task.id(), now));
    send(task);
  }

  private void signalAgain() {
    course.drain().leaving().tasks().stream()
        .filter(task -> again.contains(task.id()) && !means.proxies().isStarting(task.id()))
        .forEach(this::send);
    again.clear();
  }

  private void send(Task task) {
    sending.add(task.id());
    means
        .proxies()
        .signal(
            task,
            () -> {
              sending.remove(task.id());
              Duration now = means.edges().ticker().now();
              course.hear(drain -> drain.delivered(task.id(), now));
            });
  }

  private void kill(Task task, Duration now) {
    course.hear(drain -> drain.killed(task.id(), now));
    means.proxies().kill(task);
  }
}
