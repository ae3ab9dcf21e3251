package dev.connectbridge.converge;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whose turn it is: of many, those that were asked longest ago. Safe for several threads. */
final class Turns {
  private final int most;
  private final Map<String, Long> asked = new HashMap<>();
  private long turn;

  /** Creates one for so many at a time. */
  Turns(int most) {
    this.most = most;
  }

  /** Returns who of these is asked now. */
  synchronized List<String> next(Set<String> all) {
    asked.keySet().retainAll(all);
    turn++;
    List<String> now =
        all.stream()
            .sorted(
                Comparator.comparing((String one) -> asked.getOrDefault(one, 0L))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(most)
            .toList();
    now.forEach(one -> asked.put(one, turn));
    return now;
  }
}
