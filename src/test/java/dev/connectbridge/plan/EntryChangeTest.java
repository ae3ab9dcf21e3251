package dev.connectbridge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.plan.Change.FieldChange;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EntryChangeTest {
  private static final SortedMap<String, String> OURS =
      new TreeMap<>(Map.of("connect-bridge-owner", "me", "connect-bridge-schema", "1"));

  private static Map<String, Value> body(long port, String... services) {
    List<Value> list = new ArrayList<>();
    for (String service : services) {
      list.add(new Value.Entries(Map.of("Name", new Value.Text(service))));
    }
    Map<String, Value> listener = new LinkedHashMap<>();
    listener.put("Port", Value.Num.of(port));
    listener.put("Protocol", new Value.Text("http"));
    listener.put("Services", new Value.Items(list));
    return new TreeMap<>(
        Map.of("Listeners", new Value.Items(List.of(new Value.Entries(listener)))));
  }

  private static Plan plan(boolean admitted, Map<String, Value> wanted, HeldEntry... held) {
    Desired desired =
        new Desired(
            List.of(),
            true,
            new TreeSet<>(),
            List.of(),
            List.of(),
            new TreeMap<>(),
            List.of(
                new ConfigEntry(
                    "ingress-gateway", "gate", wanted, OURS, "a.hcl", admitted, Origin.NONE)));
    return Plan.between(desired, Observed.NOTHING.withEntries(List.of(held)), "me");
  }

  private static HeldEntry held(Map<String, Value> body, Map<String, String> meta) {
    return new HeldEntry("ingress-gateway", "gate", body, new TreeMap<>(meta), 7);
  }

  @Test
  void whatIsNotThereIsWritten() {
    Plan plan = plan(false, body(8080, "web"));

    assertThat(plan.entries()).hasSize(1);
    assertThat(plan.additions()).isEqualTo(1);
    assertThat(PlanText.of(plan))
        .contains("+ ingress-gateway gate will be created for the whole cluster (from a.hcl)")
        .contains("+ Listeners[0].Services[0].Name = \"web\"")
        .endsWith("Plan: 1 to add, 0 to change, 0 to destroy.\n");
  }

  @Test
  void whatIsOursIsWrittenWhereItDiffers() {
    Plan plan = plan(false, body(8080, "web"), held(body(8081, "web", "old"), OURS));

    assertThat(plan.entries())
        .singleElement()
        .extracting(entry -> entry.held().get().index())
        .isEqualTo(7L);
    assertThat(plan.entries().get(0).fields())
        .extracting(FieldChange::path)
        .containsExactly("Listeners[0].Port", "Listeners[0].Services[1].Name");
    assertThat(PlanText.of(plan)).endsWith("Plan: 0 to add, 1 to change, 0 to destroy.\n");
  }

  @Test
  void whatSomebodyElseWroteOtherwiseIsLeftAlone() {
    Plan foreign = plan(false, body(8080, "web"), held(body(8081, "web"), Map.of()));
    Plan others =
        plan(
            false,
            body(8080, "web"),
            held(
                body(8081, "web"),
                Map.of("connect-bridge-owner", "you", "connect-bridge-schema", "1")));

    assertThat(foreign.entries()).isEmpty();
    assertThat(foreign.isContested()).isTrue();
    assertThat(PlanText.of(foreign))
        .contains("! ingress-gateway gate is left alone", "was written by somebody else")
        .endsWith("Plan: 0 to add, 0 to change, 0 to destroy, 1 in conflict.\n");
    assertThat(PlanText.of(others)).contains("belongs to owner \"you\"");
  }

  @Test
  void whatSomebodyElseWroteAlikeIsEnough() {
    assertThat(plan(false, body(8080, "web"), held(body(8080, "web"), Map.of())))
        .isEqualTo(Plan.NOTHING);
  }

  @Test
  void whatANomadServerWroteIsItsOwnToSay() {
    assertThat(plan(true, body(8080, "web"), held(body(8081, "web"), Map.of())))
        .isEqualTo(Plan.NOTHING);
  }

  @Test
  void whatConsulFillsInIsNoDifference() {
    Map<String, Value> filled = body(8080, "web");
    filled.put("TLS", new Value.Entries(Map.of("Enabled", new Value.Bool(false))));
    filled.put("Partition", new Value.Text("default"));
    filled.put("Hash", Value.Num.of(12345));

    assertThat(plan(false, body(8080, "web"), held(filled, OURS))).isEqualTo(Plan.NOTHING);
  }

  @Test
  void afterwardsTheClusterHoldsWhatIsWanted() {
    Plan plan = plan(false, body(8080, "web"), held(body(8081, "web"), OURS));

    Observed after = plan.appliedTo(Observed.NOTHING.withEntries(List.of(held(body(8081), OURS))));

    assertThat(plan(false, body(8080, "web"), after.entries().get(0))).isEqualTo(Plan.NOTHING);
  }

  @Test
  void wantingNothingRemovesNone() {
    Observed observed = Observed.NOTHING.withEntries(List.of(held(body(8080, "web"), OURS)));

    assertThat(Plan.between(Desired.NOTHING, observed, "me")).isEqualTo(Plan.NOTHING);
  }
}
