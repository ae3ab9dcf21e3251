package dev.connectbridge.reconcile;

import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Ticker;
import dev.connectbridge.testing.FakeAgent;
import dev.connectbridge.testing.Specs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Small jobs, and the bridge's memory for them. */
final class Shop {
  static final String CONNECT = "connect {\nsidecar_service {}\n}\n";
  static final String CHECK =
      """
      check {
        name = "%s"
        type = "http"
        path = "/"
        interval = "5s"
        timeout = "2s"
      }
      """;

  /** A clock that stands, and by which nobody waits. */
  static final Ticker WITHOUT_WAITING =
      new Ticker() {
        @Override
        public Duration now() {
          return Duration.ZERO;
        }

        @Override
        public void pause(Duration time) {}
      };

  private Shop() {}

  /** Returns a file of its own with a job of its own, in which there are these services. */
  static Snapshot.File file(String name, String... services) {
    return Specs.file(
        name + ".hcl",
        """
        job "%s" {
          group "api" {
            network { mode = "bridge" }
            %s
          }
        }
        """
            .formatted(name, String.join("\n", services)));
  }

  static Snapshot.File brokenFile(String name) {
    return Specs.file(name + ".hcl", "job {");
  }

  static String service(String name, String... blocks) {
    return "service {\nname = \"%s\"\nport = \"9001\"\n%s}"
        .formatted(name, String.join("", blocks));
  }

  static Snapshot all(Snapshot.File... files) {
    return new Snapshot(List.of(files), true, List.of());
  }

  static Snapshot some(Snapshot.File... files) {
    return new Snapshot(List.of(files), false, List.of());
  }

  static PortMemory memory() {
    return PortMemory.ofProcess(TreeSet::new);
  }

  static Reconciler reconciler(FakeAgent agent) {
    return reconciler(agent, "default");
  }

  static Reconciler reconciler(FakeAgent agent, String owner) {
    return new Reconciler(agent, Settings.of(owner), memory(), Optional.empty(), WITHOUT_WAITING);
  }

  /** Returns the ID of the only service of that name that the agent holds. */
  static String id(FakeAgent agent, String service) {
    return held(agent, service).id().value();
  }

  static Registration held(FakeAgent agent, String service) {
    List<Registration> named = new ArrayList<>(agent.holds().registrations());
    named.removeIf(held -> !held.name().equals(service));
    if (named.size() != 1) {
      throw new AssertionError(service + " is held " + named.size() + " times");
    }
    return named.get(0);
  }

  static List<String> names(FakeAgent agent) {
    return agent.holds().registrations().stream().map(Registration::name).sorted().toList();
  }
}
