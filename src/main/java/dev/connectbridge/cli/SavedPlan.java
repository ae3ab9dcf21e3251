package dev.connectbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.consul.OurAgent.Identity;
import dev.connectbridge.host.AppendLog;
import dev.connectbridge.reconcile.View;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed.HeldEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * A plan in a file, for somebody to read before it is applied: what was planned, and what tells the
 * two sides that it was planned between from any other.
 *
 * @param owner whose plan it is
 * @param agent who the agent was; empty where it did not tell
 * @param wanted tells what the specs wanted
 * @param held tells what the agent held of this owner, what others held of what is wanted, and what
 *     the cluster held of the configuration entries
 */
record SavedPlan(String owner, String agent, String wanted, String held) {
  private static final String FORMAT = "connect-bridge-plan/2";

  static SavedPlan of(String owner, View view) {
    return new SavedPlan(
        owner,
        view.agent().map(Identity::toString).orElse(""),
        print(
            view.desired().workloads().stream()
                .map(workload -> workload.registration().toString())
                .toList(),
            wished(view.desired())),
        print(
            view.observed().registrations().stream()
                .filter(held -> held.marks().owner().equals(owner))
                .map(Object::toString)
                .toList(),
            others(view)));
  }

  /** What is not known is part of it: an entry that can be read by now was not planned with. */
  private static List<Object> others(View view) {
    List<Object> rest = new ArrayList<>(view.observed().orphans());
    rest.addAll(view.plan().conflicts());
    view.observed().entries().forEach(entry -> rest.add(said(entry)));
    view.unread().forEach(failure -> rest.add(failure.id()));
    return rest;
  }

  /** The number of its last change says nothing that is not in it. */
  private static HeldEntry said(HeldEntry entry) {
    return new HeldEntry(entry.kind(), entry.name(), entry.body(), entry.meta(), 0);
  }

  /** What is not known is part of it: what comes from there stays, and may go once it is known. */
  private static List<Object> wished(Desired desired) {
    List<Object> rest = new ArrayList<>(desired.entries());
    rest.add(desired.complete());
    rest.addAll(new TreeSet<>(desired.frozen()));
    return rest;
  }

  private static String print(List<String> registrations, List<?> rest) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      registrations.stream().sorted().forEach(line -> digest.update((line + "\n").getBytes(UTF_8)));
      rest.forEach(line -> digest.update((line + "\n").getBytes(UTF_8)));
      return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes it beside what was planned, whole or not at all; 0600, since specs may hold secrets. */
  void write(Path file, View view) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("format", FORMAT).put("owner", owner).put("agent", agent);
    document.put("wanted", wanted).put("held", held);
    document.set("plan", Documents.planned(view));
    try {
      new AppendLog(file, 0).replace(Documents.text(document).lines().toList());
    } catch (IOException e) {
      throw new Refusal("the plan cannot be written to %s: %s".formatted(file, e.getMessage()));
    }
  }

  static SavedPlan read(Path file) {
    JsonNode document;
    try {
      document = new ObjectMapper().readTree(Files.readString(file));
    } catch (IOException e) {
      throw new Refusal("no plan can be read from %s".formatted(file));
    }
    if (!document.path("format").asText().equals(FORMAT)) {
      throw new Refusal("%s is no plan of this connect-bridge".formatted(file));
    }
    return new SavedPlan(
        document.path("owner").asText(),
        document.path("agent").asText(),
        document.path("wanted").asText(),
        document.path("held").asText());
  }

  /** Refuses when what would be done now is not what was planned. */
  void require(SavedPlan now) {
    if (!owner.equals(now.owner)) {
      throw stale("it is the plan of owner \"%s\"".formatted(owner));
    }
    if (!agent.equals(now.agent)) {
      throw stale("it is for %s, and this is %s".formatted(named(agent), named(now.agent)));
    }
    if (!wanted.equals(now.wanted)) {
      throw stale("the specs want something else by now");
    }
    if (!held.equals(now.held)) {
      throw stale("the agent holds something else by now");
    }
  }

  private static String named(String agent) {
    return agent.isEmpty() ? "an agent that did not tell who it is" : "the agent " + agent;
  }

  private static Refusal stale(String why) {
    return new Refusal("the saved plan is not applied: %s; plan again".formatted(why));
  }
}
