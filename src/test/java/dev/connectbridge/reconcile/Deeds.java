package dev.connectbridge.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.resolve.ServiceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What others do: authors, operators, strangers, and the machine. */
final class Deeds {
  private static final Trouble[] ALL = Trouble.values();

  private final Tale tale;
  private final Random random;
  private final Map<String, String> squatters = new TreeMap<>();
  private final Map<String, Integer> edits = new HashMap<>();
  private boolean away;
  private boolean serversAway;
  private int strangers;

  Deeds(Tale tale) {
    this.tale = tale;
    this.random = tale.random;
  }

  /** Has one thing happen. */
  void one() {
    Trouble trouble = ALL[random.nextInt(ALL.length)];
    if (trouble == Trouble.READ_FAULT
        || trouble == Trouble.WRITE_FAULT
        || trouble == Trouble.CRASH) {
      trouble = Trouble.EDIT;
    }
    if (random.nextInt(3) == 0) {
      tale.time.advance(Duration.ofMillis(random.nextInt(90_000)));
    }
    tale.tell(trouble.toString());
    if (does(trouble)) {
      tale.met.add(trouble);
    }
  }

  private boolean does(Trouble trouble) {
    switch (trouble) {
      case EDIT -> tale.village.edit();
      case MOVE -> tale.village.move();
      case PURGE -> tale.village.purge();
      case SETTLE -> tale.village.settle();
      case BROKEN_FILE -> tale.village.breakOne();
      case UNREADABLE_SOURCE -> tale.village.unreadable();
      case RENAME -> rename("n" + random.nextInt(3));
      case AGENT_AWAY -> away(!away);
      case SERVERS_AWAY -> serversAway(!serversAway);
      case RESTART -> restart(false);
      case RESTART_EMPTY -> restart(true);
      case RELOAD -> reload();
      case NEWER_WRITER -> {
        return overtaken();
      }
      default -> {
        return isToOurs(trouble);
      }
    }
    return true;
  }

  /** The newer one has other specs, or for a moment fewer. */
  private boolean overtaken() {
    if (random.nextInt(3) > 0) {
      tale.village.edit();
      return tale.isOvertaken();
    }
    Runnable back = tale.village.withoutOne();
    try {
      return tale.isOvertaken();
    } finally {
      back.run();
    }
  }

  private boolean isToOurs(Trouble trouble) {
    return switch (trouble) {
      case WRONG_TOKEN -> tokens(random.nextInt(2));
      case NARROW_TOKEN -> tokens(2);
      case FOREIGN_ADD -> {
        add();
        yield true;
      }
      default -> ours().map(id -> isDone(trouble, id)).orElse(false);
    };
  }

  private boolean isDone(Trouble trouble, String id) {
    switch (trouble) {
      case FOREIGN_EDIT -> {
        return edit(id);
      }
      case FOREIGN_DELETE -> put("/v1/agent/service/deregister/" + id, "");
      case MAINTENANCE -> put("/v1/agent/service/maintenance/" + id + "?enable=true", "");
      case SQUATTER -> squat(id);
      case LONE_SIDECAR -> {
        return alone(id);
      }
      default -> throw new IllegalStateException(trouble.toString());
    }
    return true;
  }

  private boolean tokens(int which) {
    if (!tale.tokens.isGuarded()) {
      return false;
    }
    if (tale.tokens.isTroubled()) {
      tale.tokens.mend();
    } else if (which == 2) {
      tale.tokens.narrow();
    } else if (which == 1) {
      tale.tokens.wrong();
    } else {
      tale.tokens.none();
    }
    return true;
  }

  private void rename(String node) {
    tale.agent.rename(node);
    tale.acquaintance.renamed(node);
  }

  private void away(boolean now) {
    away = now;
    if (away) {
      tale.agent.stop();
    } else {
      tale.agent.restart();
      tale.witness.forgetLost();
    }
  }

  /** Mostly the next pass comes while the list is still short. */
  private void reload() {
    tale.agent.reload();
    tale.listsShortly();
    tale.witness.forgetLost();
    if (random.nextInt(4) == 0) {
      tale.time.advance(Duration.ofSeconds(1));
    }
  }

  private void serversAway(boolean now) {
    serversAway = now;
    if (random.nextBoolean() || !now) {
      tale.agent.leaderless(now);
    } else {
      tale.agent.cutOff(now);
    }
  }

  private void restart(boolean empty) {
    away = false;
    if (empty) {
      tale.agent.restartEmpty();
    } else {
      tale.agent.restart();
    }
    tale.witness.forgetLost();
  }

  /** Returns one of our services, or a sidecar; nobody can be found while the agent is away. */
  private java.util.Optional<String> ours() {
    if (away) {
      return java.util.Optional.empty();
    }
    List<String> ours = new ArrayList<>();
    tale.witness
        .held()
        .forEach(
            (id, entry) -> {
              if (Witness.isOurs(entry)) {
                ours.add(id);
              }
            });
    return ours.isEmpty()
        ? java.util.Optional.empty()
        : java.util.Optional.of(ours.get(random.nextInt(ours.size())));
  }

  private void put(String path, String body) {
    tale.witness.ask("PUT", path, body);
  }

  private static ObjectNode body(JsonNode entry) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    for (String field : List.of("Kind", "ID", "Tags", "Meta", "Port", "Address", "Proxy")) {
      if (entry.has(field)) {
        body.set(field, entry.get(field));
      }
    }
    return body.put("Name", entry.path("Service").asText());
  }

  /** Whoever edits one entry again and again fights with us, which is another story. */
  private boolean edit(String id) {
    if (edits.merge(id, 1, Integer::sum) > 2) {
      return false;
    }
    ObjectNode body = body(tale.entry(id));
    body.putArray("Tags").add("edited" + random.nextInt(3));
    put("/v1/agent/service/register", body.toString());
    return true;
  }

  /** A sidecar that somebody wrote by itself does not leave with its service. */
  private boolean alone(String id) {
    if (!Witness.isSidecar(id)) {
      return false;
    }
    put("/v1/agent/service/register", body(tale.entry(id)).toString());
    if (random.nextBoolean()) {
      String parent = id.substring(0, id.length() - ServiceId.SIDECAR_SUFFIX.length());
      String name = tale.entry(parent).path("Service").asText();
      put("/v1/agent/service/deregister/" + parent, "");
      if (random.nextBoolean()) {
        tale.village.drop(name);
      }
    }
    return true;
  }

  private void squat(String id) {
    if (Witness.isSidecar(id)) {
      return;
    }
    String name = tale.entry(id).path("Service").asText();
    put("/v1/agent/service/deregister/" + id + ServiceId.SIDECAR_SUFFIX, "");
    put("/v1/agent/service/deregister/" + id, "");
    String body = "{\"ID\":\"" + id + "\",\"Name\":\"squatter\",\"Port\":7}";
    put("/v1/agent/service/register", body);
    tale.witness.stranger(id);
    squatters.put(id, name);
  }

  private void add() {
    if (away) {
      return;
    }
    String id = random.nextBoolean() ? "db" + ++strangers : "_connect-bridge-fake" + ++strangers;
    String meta = "";
    if (random.nextInt(3) == 0) {
      id = "_connect-bridge-other.g.s" + strangers;
      meta =
          ",\"Meta\":{\"connect-bridge-owner\":\"other\",\"connect-bridge-group\":\"j.g[0]\","
              + "\"connect-bridge-source\":\"j0-0.hcl\",\"connect-bridge-hash\":\"h\","
              + "\"connect-bridge-schema\":\"1\"}";
    }
    String sidecar = random.nextBoolean() ? ",\"Connect\":{\"SidecarService\":{}}" : "";
    put(
        "/v1/agent/service/register",
        "{\"ID\":\"%s\",\"Name\":\"stranger\",\"Port\":%d%s%s}"
            .formatted(id, 5000 + strangers, meta, sidecar));
    tale.witness.stranger(id);
    if (!sidecar.isEmpty()) {
      tale.witness.stranger(id + ServiceId.SIDECAR_SUFFIX);
    }
  }

  /** Returns the names of the services whose IDs somebody else has. */
  Set<String> squatted() {
    Set<String> names = new TreeSet<>();
    squatters.forEach(
        (id, name) -> {
          if (tale.witness.strangers().contains(id)) {
            names.add(name);
          }
        });
    return names;
  }

  /** Agent and servers are back; half of those who took our IDs have gone. */
  void calm() {
    if (away) {
      away(false);
    }
    serversAway(false);
    tale.witness.forgetLost();
    for (String id : List.copyOf(squatters.keySet())) {
      if (tale.witness.strangers().contains(id) && random.nextBoolean()) {
        tale.witness.noStranger(id);
        put("/v1/agent/service/deregister/" + id, "");
      }
    }
  }
}
