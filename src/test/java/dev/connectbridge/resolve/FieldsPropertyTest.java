package dev.connectbridge.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.testing.AnyRegistration;
import dev.connectbridge.testing.OneFieldChanged;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The hash rests on the fields, so whatever makes two registrations unequal must be among them. */
class FieldsPropertyTest {

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void twoAreEqualWhereTheirFieldsAndMarksAre(
      @ForAll("registrations") Registration one, @ForAll("registrations") Registration other) {
    assertThat(told(one).equals(told(other))).isEqualTo(one.equals(other));
  }

  @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
  void eachFieldAloneIsTold(@ForAll("registrations") Registration one) {
    OneFieldChanged.of(one)
        .forEach(
            (path, other) ->
                assertThat(told(other).equals(told(one))).as(path).isEqualTo(other.equals(one)));
  }

  @Example
  void eachFieldAloneIsToldWhereAllSaySomething() {
    Registration full = AnyRegistration.full();

    OneFieldChanged.of(full)
        .forEach((path, other) -> assertThat(told(other)).as(path).isNotEqualTo(told(full)));
  }

  @Example
  void everyFieldThatIsNoMarkChangesTheHash() {
    Registration full = AnyRegistration.full();

    OneFieldChanged.of(full)
        .forEach(
            (path, other) -> {
              if (!path.contains("marks") && !path.startsWith("id.")) {
                assertThat(Fields.hash(other)).as(path).isNotEqualTo(Fields.hash(full));
              }
            });
  }

  @Provide
  Arbitrary<Registration> registrations() {
    return AnyRegistration.of(AnyRegistration.id(1), "default");
  }

  private static List<Object> told(Registration registration) {
    Optional<Marks> marks = registration.sidecar().map(Sidecar::marks);
    return List.of(registration.id(), Fields.of(registration), registration.marks(), marks);
  }
}
