package dev.connectbridge;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;

/** Every import stays in its room or goes to one that its room may import. */
final class OnlyClimbDown extends ArchCondition<JavaClass> {

  private final String root;
  private final Map<String, Set<String>> stairs;

  OnlyClimbDown(String root, Map<String, Set<String>> stairs) {
    super("import only what stands below them on the stairs");
    this.root = root;
    this.stairs = stairs;
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    String room = room(type);
    if (!stairs.containsKey(room)) {
      refuse(type, type.getName() + " stands in a room that is not on the stairs", events);
      return;
    }
    type.getDirectDependenciesFromSelf().stream()
        .map(Dependency::getTargetClass)
        .map(JavaClass::getBaseComponentType)
        .filter(this::ours)
        .filter(target -> !room(target).equals(room) && !stairs.get(room).contains(room(target)))
        .distinct()
        .forEach(target -> refuse(type, type.getName() + " imports " + target.getName(), events));
  }

  private static void refuse(JavaClass type, String why, ConditionEvents events) {
    events.add(SimpleConditionEvent.violated(type, why));
  }

  private boolean ours(JavaClass type) {
    return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
  }

  private String room(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(root) ? "" : name.substring(root.length() + 1);
  }
}
