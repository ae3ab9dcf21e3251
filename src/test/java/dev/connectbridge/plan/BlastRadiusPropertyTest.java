package dev.connectbridge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.resolve.Marks;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BlastRadiusPropertyTest {

  private static Removal removal(int group, int service) {
    return new Removal(
        List.of("_connect-bridge-%d.g.s%d".formatted(group, service)),
        "s" + service,
        new Marks("default", "j.g[%d]".formatted(group), "f", "h", ""));
  }

  private static List<Removal> removals(int groups) {
    return IntStream.range(0, groups).mapToObj(group -> removal(group, 0)).toList();
  }

  private static Set<String> groups(int count) {
    return new TreeSet<>(removals(count).stream().map(one -> one.marks().group()).toList());
  }

  @Property(tries = 500)
  void fromFourGroupsOnMoreThanHalfIsTooMuch(
      @ForAll @IntRange(min = 0, max = 30) int owned, @ForAll @IntRange(min = 0, max = 30) int go) {
    int leaving = Math.min(owned, go);

    BlastRadius radius = BlastRadius.of(removals(leaving), Set.of(), groups(owned));

    assertThat(radius.isTooLarge()).isEqualTo(owned >= 4 && leaving > owned / 2.0);
    assertThat(Withheld.of(removals(leaving), radius).isPresent()).isEqualTo(radius.isTooLarge());
  }

  @Property(tries = 200)
  void afterARefusalItIsTooMuchHoweverFewAreLeft(
      @ForAll @IntRange(min = 4, max = 30) int owned, @ForAll @IntRange(min = 1, max = 30) int go) {
    int leaving = Math.min(owned, Math.max(go, owned / 2 + 1));

    for (int left = 1; left <= leaving; left++) {
      Set<String> still = new TreeSet<>(groups(owned));
      still.removeAll(groups(leaving));
      still.addAll(groups(left));
      BlastRadius radius = BlastRadius.of(removals(left), Set.of(), still);

      assertThat(radius.afterRefusal(groups(leaving)).isTooLarge()).isTrue();
    }
  }

  @Property(tries = 200)
  void neverAllOfFour(@ForAll @IntRange(min = 4, max = 60) int owned) {
    assertThat(BlastRadius.of(removals(owned), Set.of(), Set.of()).isTooLarge()).isTrue();
  }

  @Property(tries = 200)
  void aGroupOfWhichSomethingIsWantedDoesNotLeave(
      @ForAll @IntRange(min = 4, max = 30) int owned, @ForAll Set<@IntRange(max = 29) Integer> on) {
    Set<String> wanted = new HashSet<>();
    on.forEach(group -> wanted.add("j.g[%d]".formatted(group)));
    List<Removal> removals = removals(owned);

    Optional<Withheld> withheld =
        Withheld.of(removals, BlastRadius.of(removals, wanted, groups(owned)));

    withheld.ifPresent(left -> assertThat(left.groups()).noneMatch(wanted::contains));
    assertThat(BlastRadius.of(removals, wanted, groups(owned)).leaving())
        .noneMatch(wanted::contains);
  }

  @Example
  void theDigestIsThatOfTheRemovalsWhateverTheirOrder() {
    BlastRadius all = BlastRadius.of(removals(4), Set.of(), Set.of());
    List<Removal> turned = List.of(removal(3, 0), removal(1, 0), removal(0, 0), removal(2, 0));

    assertThat(Withheld.of(removals(4), all)).isEqualTo(Withheld.of(turned, all));
    assertThat(Withheld.of(removals(4), all).orElseThrow().digest())
        .isNotEqualTo(Withheld.of(removals(3), all).orElseThrow().digest());
  }

  @Example
  void itSaysWhatWouldGoAndWhyItDoesNot() {
    BlastRadius most = BlastRadius.of(removals(3), Set.of(), groups(4));

    assertThat(Withheld.of(removals(3), most).orElseThrow())
        .hasToString(
            "j.g[0], j.g[1], j.g[2] would be deregistered, and stay: it is 3 of 4 groups of this"
                + " owner at once, which is more than half");
  }
}
