package dev.connectbridge.supervise;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** What is going to happen in a storm, and in which life of the bridge; in all is none. */
final class StormEvents {
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::number));
  private int number;

  private record Event(Duration at, int number, int life, Runnable what) {}

  void add(Duration at, int life, Runnable what) {
    events.add(new Event(at, number++, life, what));
  }

  /** Returns when there is one. */
  Optional<Duration> next() {
    return Optional.ofNullable(events.peek()).map(Event::at);
  }

  /** Has happen what is due by a time; before each somebody is told when it was. */
  void happen(Duration until, int life, Consumer<Duration> clock) {
    while (next().filter(at -> at.compareTo(until) <= 0).isPresent()) {
      Event event = events.remove();
      clock.accept(event.at);
      if (event.life == 0 || event.life == life) {
        event.what.run();
      }
    }
  }
}
