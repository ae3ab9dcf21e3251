package dev.connectbridge.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.testing.Answered;
import dev.connectbridge.testing.Asked;
import dev.connectbridge.testing.SimulatedAgent;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Looks at each write before the agent does, and at what the agent holds, with its own eyes. */
final class Witness {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DEREGISTER = "/v1/agent/service/deregister/";
  private static final String REGISTER = "/v1/agent/service/register";
  private static final String OWNER = "connect-bridge-owner";
  private static final String SOURCE = "connect-bridge-source";

  private final SimulatedAgent agent;
  private final Village village;
  private final String master;

  /** Entries by their text: the same ones are looked at again and again. */
  private final Map<String, JsonNode> read = new HashMap<>();

  private final Set<String> adopted = new TreeSet<>();
  private final Set<String> excused = new HashSet<>();
  private final SortedMap<String, String> strangers = new TreeMap<>();
  private final Map<String, Long> removedBy = new HashMap<>();
  private Set<String> frozen = Set.of();
  private final Supplier<Set<String>> foughtOver;
  private boolean asking;

  Witness(SimulatedAgent agent, Village village, String master, Supplier<Set<String>> foughtOver) {
    this.foughtOver = foughtOver;
    this.agent = agent;
    this.village = village;
    this.master = master;
  }

  /** Returns whether a question is the witness's own. */
  boolean isAsking() {
    return asking;
  }

  Answered ask(String method, String target, String body) {
    asking = true;
    try {
      return agent.answer(Asked.with(master, method, target, body));
    } finally {
      asking = false;
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonNode entry(String id) {
    return agent
        .entry(id)
        .map(text -> read.computeIfAbsent(text, Witness::json))
        .orElse(JSON.missingNode());
  }

  /** Returns all that the agent holds, by ID. */
  Map<String, JsonNode> held() {
    Map<String, JsonNode> held = new TreeMap<>();
    for (String id : agent.services()) {
      held.put(id, entry(id));
    }
    return held;
  }

  /** Returns all checks that the agent has. */
  JsonNode checks() {
    return json(ask("GET", "/v1/agent/checks", "").body());
  }

  static boolean isOurs(JsonNode entry) {
    return entry.path("Meta").path(OWNER).asText("").equals("default");
  }

  static boolean isSidecar(String id) {
    return id.endsWith(ServiceId.SIDECAR_SUFFIX);
  }

  /** Somebody else holds this from now on. */
  void stranger(String id) {
    strangers.put(id, entry(id).toString());
  }

  void noStranger(String id) {
    strangers.remove(id);
  }

  /** Somebody says that it is to be taken, whoever holds it by then. */
  void adopted(String id) {
    adopted.add(id);
  }

  void heeded() {
    adopted.clear();
  }

  Set<String> strangers() {
    return new TreeSet<>(strangers.keySet());
  }

  /** What an agent lost nobody can touch any more. */
  void forgetLost() {
    strangers.keySet().retainAll(agent.services());
  }

  /** The bridge cannot make sense of these files now. */
  void frozen(Set<String> files) {
    frozen = files;
  }

  static boolean isRegistering(Asked asked) {
    return asked.path().equals(REGISTER);
  }

  /** A write that may be over a stranger, who could not be seen. */
  void excuse(Asked asked) {
    excused.add(json(asked.body()).path("ID").asText());
  }

  /** Looks at a write of the bridge's; {@code stray} is one to an agent that may be another's. */
  void judge(Asked asked, boolean blind, boolean stray, boolean lockSeen, long epoch) {
    String path = URLDecoder.decode(asked.path(), StandardCharsets.UTF_8);
    if (path.startsWith(DEREGISTER)) {
      String id = path.substring(DEREGISTER.length());
      must(
          epoch == 0 || epoch(entry(id)) <= epoch,
          "I9: epoch " + epoch + " removes what a newer one wrote, " + id);
      deregisters(id, stray);
      removedBy.merge(id, epoch, Math::max);
    } else if (path.equals(REGISTER)) {
      JsonNode body = json(asked.body());
      String id = body.path("ID").asText();
      JsonNode before = entry(id);
      if (adopted.contains(id)) {
        noStranger(id);
      } else {
        must(
            blind || before.isMissingNode() || isOurs(before), "I1: writes over a stranger, " + id);
      }
      must(body.path("Meta").has(OWNER), "I1: writes without marks, " + id);
      long newest = Math.max(epoch(before), epoch(entry(id + ServiceId.SIDECAR_SUFFIX)));
      must(
          blind || newest <= epoch(body), "I9: epoch " + epoch + " writes over a newer one, " + id);
      must(
          !lockSeen || removedBy.getOrDefault(id, 0L) <= epoch,
          "I9: epoch " + epoch + " puts back what a newer one has removed, " + id);
    }
  }

  private static long epoch(JsonNode entry) {
    return entry.path("Meta").path("connect-bridge-epoch").asLong();
  }

  /**
   * Whether it is the sidecar of a service that is there: whoever writes that without one ends it,
   * and a service that goes is judged when its own turn comes.
   */
  private boolean isMeshed(String id) {
    return isSidecar(id)
        && !entry(id.substring(0, id.length() - ServiceId.SIDECAR_SUFFIX.length())).isMissingNode();
  }

  private void deregisters(String id, boolean stray) {
    JsonNode entry = entry(id);
    if (entry.isMissingNode()) {
      return;
    }
    must(isOurs(entry), "I1: removes a stranger, " + id);
    must(!stray || isMeshed(id), "guard: the agent is another one, and loses " + id);
    String name = entry.path("Service").asText();
    String service =
        isSidecar(name)
            ? name.substring(0, name.length() - ServiceId.SIDECAR_SUFFIX.length())
            : name;
    boolean wanted = village.wanted().contains(service);
    boolean drops =
        isSidecar(id) && wanted && village.isComplete() && !village.meshed().contains(service);
    String source = entry.path("Meta").path(SOURCE).asText();
    boolean unwanted = village.isComplete() && !village.broken().contains(source) && !wanted;
    // Marks name a file: one that has moved and makes no sense where it is now protects nothing.
    boolean lost = village.fileOf(service).filter(frozen::contains).isPresent();
    // What is given up leaves no sidecar alone.
    boolean givenUp =
        isSidecar(id)
            && foughtOver.get().stream().anyMatch(one -> id.equals(one + ServiceId.SIDECAR_SUFFIX))
            && entry(id.substring(0, id.length() - ServiceId.SIDECAR_SUFFIX.length()))
                .isMissingNode();
    must(
        givenUp || drops || unwanted || (lost && !frozen.contains(source)),
        "I2: removes what may be wanted, " + id);
    must(
        isSidecar(id) || entry(id + ServiceId.SIDECAR_SUFFIX).isMissingNode(),
        "I7: removes a service before its sidecar, " + id);
  }

  /** Strangers are as they were. */
  void strangersAreUntouched() {
    strangers
        .entrySet()
        .removeIf(
            one ->
                excused.contains(one.getKey())
                    && !entry(one.getKey()).toString().equals(one.getValue()));
    excused.clear();
    for (Map.Entry<String, String> stranger : strangers.entrySet()) {
      must(
          entry(stranger.getKey()).toString().equals(stranger.getValue()),
          "I1: a stranger was touched, " + stranger.getKey());
    }
  }

  /** No sidecar of ours stands alone. */
  void nobodyIsOrphaned() {
    Map<String, JsonNode> held = held();
    for (Map.Entry<String, JsonNode> one : held.entrySet()) {
      String id = one.getKey();
      if (isSidecar(id) && isOurs(one.getValue())) {
        String parent = id.substring(0, id.length() - ServiceId.SIDECAR_SUFFIX.length());
        boolean frozen =
            village.broken().contains(one.getValue().path("Meta").path(SOURCE).asText());
        must(held.containsKey(parent) || frozen, "I7: a sidecar outlives its service, " + id);
      }
    }
  }

  /** Returns the groups of which the agent holds something of ours. */
  Set<String> groups() {
    Set<String> groups = new TreeSet<>();
    held()
        .values()
        .forEach(
            entry -> {
              if (isOurs(entry)) {
                groups.add(entry.path("Meta").path("connect-bridge-group").asText());
              }
            });
    return groups;
  }

  /** From four groups on, no pass takes more than half of them unless somebody has said so. */
  void mostIsLeft(Set<String> before) {
    Set<String> gone = new TreeSet<>(before);
    gone.removeAll(groups());
    gone.removeAll(village.groups());
    must(
        before.size() < 4 || 2 * gone.size() <= before.size(),
        "guard: of " + before + " at once " + gone + " are gone");
  }

  /** Returns the names of our services that the agent holds, sidecars left out. */
  Set<String> names(boolean sidecars) {
    Set<String> names = new TreeSet<>();
    Iterator<Map.Entry<String, JsonNode>> held = held().entrySet().iterator();
    while (held.hasNext()) {
      Map.Entry<String, JsonNode> one = held.next();
      if (isOurs(one.getValue()) && isSidecar(one.getKey()) == sidecars) {
        String name = one.getValue().path("Service").asText();
        names.add(name.replace(ServiceId.SIDECAR_SUFFIX, ""));
      }
    }
    return names;
  }

  static void must(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
