package dev.connectbridge;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** The walls hold in the house, and fall where a fault was planted to push them over. */
class ArchitectureTest {

  private static final String HOUSE = "dev.connectbridge";
  private static final String PLANTED = "dev.connectbridge.planted";

  /** Rooms that are on the stairs but have no class yet. Empty when the house is finished. */
  private static final Set<String> NOT_BUILT_YET = Set.of();

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(HOUSE);

  private static final JavaClasses FAULTS = new ClassFileImporter().importPackages(PLANTED);

  private static final Map<String, List<String>> FALLEN = violations(PLANTED, FAULTS);

  @Test
  void thereAreTwentyOneRules() {
    assertThat(HouseRules.below(HOUSE)).hasSize(21);
  }

  @Test
  void everyRuleHoldsInTheHouse() {
    SoftAssertions softly = new SoftAssertions();

    violations(HOUSE, MAIN)
        .forEach((rule, violations) -> softly.assertThat(violations).as(rule).isEmpty());

    softly.assertAll();
  }

  @Test
  void everyRoomOnTheStairsIsBuilt() {
    Set<String> missing = new TreeSet<>(HouseRules.STAIRS.keySet());
    MAIN.stream().map(ArchitectureTest::room).forEach(missing::remove);
    missing.removeAll(NOT_BUILT_YET);

    assertThat(missing).isEmpty();
  }

  @Test
  void everyRuleHasAPlantedFault() {
    Set<String> broken =
        faults().stream().flatMap(fault -> Arrays.stream(rulesBrokenBy(fault))).collect(toSet());

    assertThat(broken).isEqualTo(HouseRules.below(PLANTED).keySet());
  }

  @Test
  void everyRuleFallsWhereItsFaultIsPlanted() {
    SoftAssertions softly = new SoftAssertions();

    for (JavaClass fault : faults()) {
      for (String rule : rulesBrokenBy(fault)) {
        softly
            .assertThat(FALLEN.get(rule))
            .as(rule + " by " + fault.getSimpleName())
            .anyMatch(violation -> violation.contains(fault.getName()));
      }
    }

    softly.assertAll();
  }

  @Test
  void noRuleFallsOverAClassThatDoesNotBreakIt() {
    SoftAssertions softly = new SoftAssertions();

    FALLEN.forEach(
        (rule, violations) ->
            softly
                .assertThat(violations)
                .as(rule)
                .allMatch(violation -> brokenByThoseIn(violation).contains(rule)));

    softly.assertAll();
  }

  /** The rules that the classes named in a violation confess to break. */
  private static Set<String> brokenByThoseIn(String violation) {
    return faults().stream()
        .filter(fault -> violation.contains(fault.getName()))
        .flatMap(fault -> Arrays.stream(rulesBrokenBy(fault)))
        .collect(toSet());
  }

  private static Set<JavaClass> faults() {
    return FAULTS.stream().filter(type -> type.isAnnotatedWith(Breaks.class)).collect(toSet());
  }

  private static String[] rulesBrokenBy(JavaClass fault) {
    return fault.getAnnotationOfType(Breaks.class).value();
  }

  private static Map<String, List<String>> violations(String root, JavaClasses classes) {
    Map<String, List<String>> violations = new LinkedHashMap<>();
    HouseRules.below(root)
        .forEach(
            (name, rule) -> {
              EvaluationResult result = rule.allowEmptyShould(true).evaluate(classes);
              violations.put(name, result.getFailureReport().getDetails());
            });
    return violations;
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(HOUSE) ? "" : name.substring(HOUSE.length() + 1);
  }
}
