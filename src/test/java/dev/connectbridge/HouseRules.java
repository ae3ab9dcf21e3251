package dev.connectbridge;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The walls of the house, each rule by its name. They are made for a root package, so that the same
 * rules can be turned on the classes that were planted to break them.
 */
final class HouseRules {

  // spotless:off
  /** Who may import whom. A room that is not named here may not be. */
  static final Map<String, Set<String>> STAIRS = Map.ofEntries(
      Map.entry("spec",      Set.of()),
      Map.entry("hcl",       Set.of("spec")),
      Map.entry("parse",     Set.of("spec", "hcl")),
      Map.entry("admit",     Set.of("spec")),
      Map.entry("launch",    Set.of("spec", "admit")),
      Map.entry("resolve",   Set.of("spec", "admit", "launch")),
      Map.entry("plan",      Set.of("spec", "resolve")),
      Map.entry("http",      Set.of()),
      Map.entry("consul",    Set.of("spec", "resolve", "http")),
      Map.entry("host",      Set.of()),
      Map.entry("testing",   Set.of()),
      Map.entry("drain",     Set.of("spec", "resolve")),
      Map.entry("sidecar",   Set.of("spec")),
      Map.entry("exec",      Set.of("spec", "sidecar")),
      Map.entry("docker",    Set.of("spec", "sidecar", "http")),
      Map.entry("supervise", Set.of("spec", "launch", "resolve", "plan", "consul", "host", "drain", "sidecar")),
      Map.entry("converge",  Set.of("spec", "resolve", "plan", "consul", "drain", "supervise")),
      Map.entry("control",   Set.of("drain", "supervise", "converge")),
      Map.entry("source",    Set.of("spec", "parse", "resolve")),
      Map.entry("writer",    Set.of("resolve", "consul", "host")),
      Map.entry("reconcile", Set.of("spec", "resolve", "plan", "consul", "source", "supervise", "converge")),
      Map.entry("",          Set.of("spec", "admit", "launch", "resolve", "plan", "http", "consul", "host", "drain", "sidecar", "exec", "docker", "supervise", "converge", "source", "writer", "reconcile")),
      Map.entry("config",    Set.of("spec", "hcl", "parse", "resolve", "drain", "http", "")),
      Map.entry("cli",       Set.of("spec", "hcl", "parse", "admit", "launch", "resolve", "plan", "http", "consul", "host", "drain", "sidecar", "exec", "docker", "supervise", "converge", "control", "source", "writer", "reconcile", "", "config")));

  private static final String[] PURE = {"spec", "hcl", "parse", "admit", "launch", "resolve", "plan", "drain"};
  // spotless:on

  private final String root;

  private HouseRules(String root) {
    this.root = root;
  }

  /** Returns the rules for the house below a root package. */
  static Map<String, ArchRule> below(String root) {
    HouseRules house = new HouseRules(root);
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    house.walls(rules);
    house.libraries(rules);
    shapes(rules);
    return rules;
  }

  // spotless:off
  private void walls(Map<String, ArchRule> rules) {
    rules.put("STAIRS", classes().should(new OnlyClimbDown(root, STAIRS)));
    rules.put("NO_TANGLES", slices().matching("(**)").should().beFreeOfCycles());
    rules.put("PURE_ROOMS_ARE_PURE", noClasses().that().resideInAnyPackage(rooms(PURE))
        .should().dependOnClassesThat(impure())
        .orShould().accessTargetWhere(use(Instant.class, "now").or(use(UUID.class, "randomUUID"))
            .or(use(Math.class, "random")).or(use(System.class, "getenv", "getProperty", "getProperties"))));
    rules.put("PURE_ROOMS_READ_NO_FILES", noClasses().that().resideInAnyPackage(rooms(PURE))
        .should().dependOnClassesThat(resideInAnyPackage("java.io..").and(not(readersOfTexts()))));
    rules.put("ONLY_PARSE_READS_TEXTS", noClasses().that().resideInAnyPackage(rooms("spec", "hcl", "admit", "launch", "resolve", "plan"))
        .should().dependOnClassesThat(readersOfTexts()));
    rules.put("ONE_CLOCK", noClasses().that(not(named("Ticker")))
        .should().accessTargetWhere(use(System.class, "nanoTime", "currentTimeMillis")
            .or(use(Thread.class, "sleep")).or(use(TimeUnit.class, "sleep"))));
    rules.put("ONLY_MAIN_EXITS", noClasses().that(not(named("Main")))
        .should().accessTargetWhere(use(System.class, "exit").or(use(Runtime.class, "exit", "halt"))));
    rules.put("ONLY_THE_CLI_PRINTS", noClasses().that().resideOutsideOfPackages(rooms("cli"))
        .should().accessTargetWhere(use(System.class, "out", "err").or(use(Throwable.class, "printStackTrace"))));
  }

  private void libraries(Map<String, ArchRule> rules) {
    rules.put("OKHTTP", only("okhttp3..", "http", "consul", "docker", "testing"));
    rules.put("OKIO", only("okio..", "http", "consul", "docker", "testing"));
    rules.put("JACKSON", only("com.fasterxml.jackson..", "parse", "consul", "docker", "supervise", "control", "config", "cli", "testing"));
    rules.put("SNAKEYAML", only("org.yaml..", "parse", "config"));
    rules.put("CONSUL_API", only("com.ecwid..", "consul"));
    rules.put("APACHE", only("org.apache.http..", "consul"));
    rules.put("PICOCLI", only("picocli..", "cli"));
    rules.put("RESILIENCE4J", only("io.github.resilience4j..", "supervise", "consul"));
  }

  private static void shapes(Map<String, ArchRule> rules) {
    rules.put("NOTHING_IS_OPEN", classes().that().areNotInterfaces().and().areTopLevelClasses()
        .should().haveModifier(FINAL).as("records, enums and everything else should be final"));
    rules.put("NO_PUBLIC_STATE", fields().that().areNotStatic().and().doNotHaveModifier(SYNTHETIC)
        .and().areDeclaredInClassesThat().areNotEnums().should().bePrivate());
    rules.put("NO_GLOBAL_STATE", fields().that().areStatic().should().beFinal());
    rules.put("NO_GETTERS", methods().that().arePublic().and(not(inherited()))
        .should().haveNameNotMatching("(get|set)[A-Z].*"));
    // spec has a word for each block of a job; resolve is where specs, plan and agent meet, so the values of both sides
    // (wanted: Desired, Workload, Registration; held: Observed) and what they are made from stand in its door.
    rules.put("FEW_DOORS", classes().that().arePublic().and().areTopLevelClasses()
        .should(new FewDoors(8, Map.of("spec", 10, "resolve", 12, "consul", 10))));
  }
  // spotless:on

  private String[] rooms(String... names) {
    return Stream.of(names).map(name -> root + "." + name + "..").toArray(String[]::new);
  }

  private ArchRule only(String library, String... rooms) {
    return noClasses()
        .that(not(resideInAnyPackage(rooms(rooms))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  private static DescribedPredicate<JavaClass> impure() {
    return resideInAnyPackage(
            "java.nio.file..",
            "java.nio.channels..",
            "java.net..",
            "java.util.concurrent..",
            "okhttp3..",
            "org.slf4j..",
            "io.github.resilience4j..")
        .or(JavaClass.Predicates.equivalentTo(java.util.Random.class))
        .or(JavaClass.Predicates.equivalentTo(java.time.Clock.class))
        .or(JavaClass.Predicates.equivalentTo(Thread.class));
  }

  /** What a library that reads from memory asks for. */
  private static DescribedPredicate<JavaClass> readersOfTexts() {
    return JavaClass.Predicates.equivalentTo(java.io.IOException.class)
        .or(JavaClass.Predicates.equivalentTo(java.io.UncheckedIOException.class))
        .or(JavaClass.Predicates.equivalentTo(java.io.Reader.class))
        .or(JavaClass.Predicates.equivalentTo(java.io.StringReader.class));
  }

  /** A type of that name at the top of its file, and all that is inside it. */
  private static DescribedPredicate<JavaClass> named(String name) {
    return DescribedPredicate.describe(
        "are named " + name, type -> type.getName().matches(".*\\." + name + "(\\$.*)?"));
  }

  /** A call, a method reference or a field access; a subclass of {@code owner} counts as well. */
  private static DescribedPredicate<JavaAccess<?>> use(Class<?> owner, String... names) {
    return DescribedPredicate.describe(
        owner.getSimpleName() + "." + String.join("/", names),
        access ->
            access.getTargetOwner().isAssignableTo(owner)
                && Set.of(names).contains(access.getTarget().getName()));
  }

  /** Names that a library chose, {@code Socket.getInputStream} for instance, are not ours. */
  private static DescribedPredicate<JavaMethod> inherited() {
    return DescribedPredicate.describe(
        "are declared by a supertype",
        method ->
            Stream.concat(
                    method.getOwner().getAllRawSuperclasses().stream(),
                    method.getOwner().getAllRawInterfaces().stream())
                .anyMatch(type -> declares(type, method)));
  }

  private static boolean declares(JavaClass type, JavaMethod method) {
    String[] parameters =
        method.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
    return type.tryGetMethod(method.getName(), parameters).isPresent();
  }
}
