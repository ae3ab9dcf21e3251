package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.brokenFile;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.reconciler;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.plan.Withheld;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.FakeAgent;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that move, and cannot be used where they are then. */
class MovedFileTest {
  private static final Snapshot.File SHOP = file("shop", service("web"));
  private static final Snapshot.File BLOG = file("blog", service("posts").replace("9001", "9002"));

  private final FakeAgent agent = new FakeAgent();
  private Reconciler reconciler = reconciler(agent);

  @BeforeEach
  void bothAreThere() {
    reconciler.pass(all(SHOP, BLOG));
    agent.writes();
  }

  private static Snapshot.File at(String place, Snapshot.File file) {
    return new Snapshot.File(place, file.jobs(), List.of(), List.of());
  }

  private Withheld keeps(Snapshot snapshot) {
    Outcome outcome = reconciler.pass(snapshot);
    assertThat(agent.writes()).isEmpty();
    assertThat(outcome.done()).isFalse();
    return outcome.withheld().orElseThrow();
  }

  @Test
  void whatMayBeInABrokenFileStays() {
    Withheld kept = keeps(all(brokenFile("new/shop"), BLOG));

    assertThat(kept)
        .hasToString(
            "shop.api[0] would be deregistered, and stay: shop.hcl is gone, and what was in it may"
                + " be in new/shop.hcl, which cannot be used as it stands");
    assertThat(names(agent)).containsExactly("posts", "web");
  }

  @Test
  void alsoWhenItMovedWhileNobodyWasThere() {
    reconciler = reconciler(agent);

    keeps(all(brokenFile("new/shop"), BLOG));
  }

  @Test
  void aFileThatCouldBeReadBeforeFreezesOnlyWhatCameFromIt() {
    assertThat(reconciler.pass(all(brokenFile("blog"))).withheld()).isEmpty();
    assertThat(names(agent)).containsExactly("posts");

    agent.writes();
    reconciler = reconciler(agent);
    assertThat(reconciler.pass(all(brokenFile("blog"))).withheld()).isEmpty();
    assertThat(names(agent)).containsExactly("posts");
  }

  @Test
  void onceItIsMendedItIsThereOrItGoes() {
    keeps(all(brokenFile("new/shop"), BLOG));

    assertThat(reconciler.pass(all(at("new/shop.hcl", SHOP), BLOG)).done()).isTrue();
    assertThat(names(agent)).containsExactly("posts", "web");
    agent.writes();
    keeps(all(brokenFile("new/blog"), at("new/shop.hcl", SHOP)));
    assertThat(reconciler.pass(all(at("new/shop.hcl", SHOP))).done()).isTrue();
    assertThat(names(agent)).containsExactly("web");
  }

  @Test
  void whatItsOwnFileNoLongerSaysGoes() {
    reconciler.pass(all(file("shop"), BLOG, brokenFile("other")));

    assertThat(names(agent)).containsExactly("posts");
  }

  @Test
  void aFileThatWasReadAndRefusedKeepsItsOwnGroupsOnly() {
    Snapshot.File shop = file("shop", service("web").replace("9001", "nope"));
    Snapshot.File refused = at("new/shop.hcl", shop);

    Withheld kept = keeps(all(refused, BLOG));

    assertThat(kept.groups()).containsExactly("shop.api[0]");
    reconciler.pass(all(refused));
    assertThat(names(agent)).containsExactly("web");
  }

  @Test
  void somebodysWordLetsItGo() {
    reconciler.approve(keeps(all(brokenFile("new/shop"), BLOG)).digest());

    reconciler.pass(all(brokenFile("new/shop"), BLOG));

    assertThat(names(agent)).containsExactly("posts");
  }
}
