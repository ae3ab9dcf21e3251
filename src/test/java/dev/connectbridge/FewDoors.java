package dev.connectbridge;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts the public top-level types of each room. */
final class FewDoors extends ArchCondition<JavaClass> {

  private final int most;
  private final Map<String, Integer> exceptions;
  private final Map<String, Set<String>> doors = new TreeMap<>();

  FewDoors(int most, Map<String, Integer> exceptions) {
    super("be few: at most " + most + " public types in a room, other than " + exceptions);
    this.most = most;
    this.exceptions = Map.copyOf(exceptions);
  }

  @Override
  public void init(Collection<JavaClass> types) {
    doors.clear();
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    doors.computeIfAbsent(type.getPackageName(), room -> new TreeSet<>()).add(type.getName());
  }

  @Override
  public void finish(ConditionEvents events) {
    doors.forEach(
        (room, types) -> {
          String name = room.substring(room.lastIndexOf('.') + 1);
          if (types.size() > exceptions.getOrDefault(name, most)) {
            String why = room + " has " + types.size() + " doors: " + types;
            events.add(SimpleConditionEvent.violated(room, why));
          }
        });
  }
}
