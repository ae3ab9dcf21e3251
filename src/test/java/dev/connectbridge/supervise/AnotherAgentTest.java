package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.testing.FakeAgent;
import dev.connectbridge.testing.Proxied;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's address leads to another agent, which holds the same IDs under our owner's marks. */
class AnotherAgentTest {
  private static final AgentFacts OTHER =
      new AgentFacts("node-2", "other-id", "dc1", "1.8.7", "10.0.0.2", 21000, 21255);

  @TempDir private Path data;
  private World world;

  @BeforeEach
  void twoGroupsStand() {
    world = new World(data.resolve("data"));
    world.file("cart.hcl", Proxied.of("shop", "cart", 9001).hcl());
    world.file("web.hcl", Proxied.of("site", "web", 9002).hcl()).settle();
    assertThat(world.held()).containsExactly("cart", "web");
  }

  /** Nobody wants the cart any more, which is heard while the agent is away. */
  private void letGoUnseen() {
    world.agent().goAway();
    world.file("cart.hcl", null).settle();
  }

  private void anotherOneAnswers() {
    world.agent().heal();
    world.agent().be(OTHER);
    world.agent().writes();
  }

  @Test
  void whatWasDecidedAboutTheOneIsNotDoneToTheOther() {
    letGoUnseen();
    anotherOneAnswers();

    world.after(Duration.ofMinutes(1));

    assertThat(world.agent().writes()).isEmpty();
    assertThat(world.held()).containsExactly("cart", "web");
    assertThat(world.receipts())
        .singleElement()
        .asString()
        .contains("NOT_PROVEN", "was node-1 (node-id, datacenter dc1) and is node-2 (other-id");
  }

  @Test
  void norAfterACrash() {
    letGoUnseen();
    world.turn();
    anotherOneAnswers();

    world.boot().after(Duration.ofMinutes(1));

    assertThat(world.agent().writes()).isEmpty();
    assertThat(world.held()).containsExactly("cart", "web");
  }

  @Test
  void thePassesAskWhetherItMayGoThere() {
    letGoUnseen();
    anotherOneAnswers();
    world.after(Duration.ofMinutes(1));

    assertThat(world.pass().withheld().orElseThrow().ids())
        .allMatch(id -> id.contains(".cart."))
        .hasSize(2);

    world.approve();
    world.settle().after(Duration.ofMinutes(1));
    assertThat(world.held()).containsExactly("web");
    assertThat(world.status().drains()).isEmpty();
  }

  @Test
  void theOneThatComesBackIsRidOfIt() {
    letGoUnseen();
    anotherOneAnswers();
    world.after(Duration.ofMinutes(1));
    world.agent().be(FakeAgent.FACTS);

    world.after(Duration.ofMinutes(1));

    assertThat(world.held()).containsExactly("web");
    assertThat(world.status().drains()).isEmpty();
  }

  @Test
  void oneThatHoldsNothingOfItIsTheSameAsAnAgentThatHasForgottenIt() {
    letGoUnseen();
    world.agent().hold(Observed.NOTHING);
    anotherOneAnswers();

    world.after(Duration.ofSeconds(2));

    assertThat(world.receipts()).singleElement().asString().contains("\"PROVEN\"");
    assertThat(world.sought()).containsExactly("node-1");
  }

  @Test
  void theProofIsAboutTheNodeThatHadItUnlessThatOnlyHasAnotherName() {
    letGoUnseen();
    world.agent().hold(Observed.NOTHING);
    world.agent().heal();
    world
        .agent()
        .be(new AgentFacts("renamed", "node-id", "dc1", "1.8.7", "10.0.0.2", 21000, 21255));

    world.after(Duration.ofSeconds(2));

    assertThat(world.sought()).containsExactly("renamed");
  }

  @Test
  void theProofIsAboutTheAgentsOwnNodeWhateverSpecsCallIt() {
    world.named("as specs see it").file("cart.hcl", null).settle().after(Duration.ofSeconds(5));

    assertThat(world.receipts()).singleElement().asString().contains("\"PROVEN\"");
    assertThat(world.sought()).containsExactly("node-1");
  }

  @Test
  void whereNobodyMayAskTheAgentItIsAboutTheNodeOfTheConfiguration() {
    world.agent().fail("facts", Kind.FORBIDDEN);

    world.forgetWho().named("node-1").file("cart.hcl", null).settle().after(Duration.ofSeconds(5));

    assertThat(world.receipts()).singleElement().asString().contains("\"PROVEN\"");
    assertThat(world.sought()).containsExactly("node-1");
  }

  @Test
  void whatSomebodyAsksForByNameIsDoneWhereverTheAddressLeads() {
    anotherOneAnswers();

    var receipt = world.supervisor().drain("shop/api[0]", true, Optional.empty());
    world.after(Duration.ofSeconds(2));

    assertThat(receipt.join().receipt().proven()).isTrue();
    assertThat(world.held()).containsExactly("web");
  }

  @Test
  void whoItWasIsKnownToTheNextProcess() {
    world.boot();
    world.agent().be(OTHER);

    world.file("cart.hcl", null).settle();

    assertThat(world.pass().withheld().orElseThrow().why()).contains("node-1").contains("node-2");
    assertThat(world.held()).containsExactly("cart", "web");
  }

  @Test
  void whoItIsIsAskedAgainBeforeAnythingIsRemoved() {
    world.agent().be(OTHER);

    world.file("cart.hcl", null).settle();

    assertThat(world.pass().withheld()).isPresent();
    assertThat(world.held()).containsExactly("cart", "web");
  }

  @Test
  void norWhereOnlyTheDrainKnowsWhoseItWas() {
    letGoUnseen();
    world.turn();
    anotherOneAnswers();

    world.forgetWho().boot().after(Duration.ofMinutes(1));

    assertThat(world.agent().writes()).isEmpty();
    assertThat(world.held()).containsExactly("cart", "web");
  }

  @Test
  void whatSomebodyAsksForIsProvenAlsoWhereTheTokenMayNotAskAnyMoreWhoTheAgentIs() {
    world.agent().fail("facts", Kind.FORBIDDEN);

    var receipt = world.supervisor().drain("shop/api[0]", true, Optional.empty());
    world.after(Duration.ofSeconds(2));

    assertThat(receipt).isCompletedWithValueMatching(done -> done.receipt().proven());
    assertThat(world.sought()).containsExactly("node-1");
  }

  @Test
  void aWordThatComesWhileItIsAwayIsKeptForIt() {
    world.agent().be(OTHER);
    world.file("cart.hcl", null).settle();
    assertThat(world.pass().withheld()).isPresent();
    world.agent().goAway();
    world.approve();
    world.settle();

    world.agent().heal();
    world.after(Duration.ofMinutes(1));

    assertThat(world.held()).containsExactly("web");
    assertThat(world.receipts()).singleElement().asString().contains("\"PROVEN\"");
  }
}
