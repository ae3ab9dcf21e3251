package dev.connectbridge.cli;

import static dev.connectbridge.cli.Symptom.ok;
import static dev.connectbridge.cli.Symptom.warn;

import dev.connectbridge.consul.ConsulAgent.Rule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who of several daemons of one owner writes, as far as it can be told from here.
 *
 * @param wanted whether a lock in Consul is wanted
 * @param here whether a daemon of this owner has its lock on this machine
 * @param node the agent's node, whose lock it is; empty when nobody tells
 * @param holder who has the lock in Consul, if that can be read and somebody has it
 * @param lacking the rules that the token lacks for it; empty when that cannot be asked
 */
record WhoWrites(
    boolean wanted,
    boolean here,
    String node,
    Optional<String> holder,
    Optional<List<Rule>> lacking) {
  private static final String NAME = "writer";
  private static final String ALONE =
      "only the locks of files on this machine keep two daemons of one owner apart";

  WhoWrites {
    lacking = lacking.map(List::copyOf);
  }

  /** Returns what it takes to have the lock of a node. */
  static List<Rule> rules(String owner, String node) {
    return List.of(
        new Rule("session", node, "write"),
        new Rule("key", "connect-bridge/%s/%s/writer".formatted(owner, node), "write"));
  }

  Symptom examined() {
    if (!wanted) {
      return ok(NAME, "session_lock is off: %s; %s".formatted(ALONE, onThisMachine()));
    }
    if (node.isEmpty()) {
      return warn(
          NAME,
          "nobody tells the agent's node, whose lock it would be; " + onThisMachine(),
          "see above; grant agent:read, or say node.name");
    }
    List<Rule> rules = lacking.orElse(List.of());
    String found = "%s; %s".formatted(inConsul(), onThisMachine());
    return rules.isEmpty()
        ? ok(NAME, found)
        : warn(
            NAME,
            "the token lacks %s for the lock in Consul: %s; %s"
                .formatted(Lines.count(rules.size(), "rule"), ALONE, found),
            "add to the policy of the token:\n"
                + rules.stream().map(Rule::toString).collect(Collectors.joining("\n"))
                + "\nor say consul.session_lock: off");
  }

  private String inConsul() {
    boolean told = lacking.filter(List::isEmpty).isPresent();
    return holder
        .map(who -> who + " has the lock in Consul")
        .orElse(told ? "nobody has the lock in Consul" : "who has the lock in Consul is not told");
  }

  private String onThisMachine() {
    return here
        ? "a daemon of this owner runs on this machine"
        : "none of this owner runs on this machine";
  }
}
