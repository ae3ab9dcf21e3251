package dev.connectbridge.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A question to the daemon: one line, one JSON object. */
public sealed interface Request {

  /** How do things stand? */
  record Status() implements Request {}

  /**
   * Drain a group, and say what came of it.
   *
   * @param group the instance
   * @param hurried whether its delays are left out
   * @param deadline how long the proof may take; empty is the delays of its spec
   */
  record Drain(String group, boolean hurried, Optional<Duration> deadline) implements Request {}

  /**
   * Let a group back.
   *
   * @param group the instance
   */
  record Resume(String group) implements Request {}

  /**
   * Let go what is withheld.
   *
   * @param digest tells what was seen; empty is whatever there is
   */
  record Approve(String digest) implements Request {}

  /**
   * Something about one entry, or a group of them.
   *
   * @param word what is to be done
   * @param name an ID, or a group
   */
  record Entry(Word word, String name) implements Request {}

  /** What can be done about an entry. */
  enum Word {
    /** Take it, whoever holds or changes it. */
    ADOPT,
    /** Give it away, and leave it registered. */
    RELEASE,
    /** Forget what is remembered of it. */
    FORGET,
    /** Remove it from the catalog, where it alone is left. */
    REMOVE_GHOST
  }

  /** Returns the question as it is sent, without the end of the line. */
  default String line() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    if (this instanceof Drain drain) {
      node.put("ask", "drain").put("group", drain.group()).put("hurried", drain.hurried());
      drain.deadline().ifPresent(deadline -> node.put("deadline_ms", deadline.toMillis()));
    } else if (this instanceof Resume resume) {
      node.put("ask", "resume").put("group", resume.group());
    } else if (this instanceof Approve approve) {
      node.put("ask", "approve").put("digest", approve.digest());
    } else if (this instanceof Entry entry) {
      node.put("ask", entry.word().name().toLowerCase(Locale.ROOT)).put("name", entry.name());
    } else {
      node.put("ask", "status");
    }
    return node.toString();
  }

  /**
   * Returns the question that a line holds.
   *
   * @throws IllegalArgumentException when it holds none, in words for whoever sent it
   */
  static Request of(String line) {
    JsonNode node = object(line);
    String ask = node.path("ask").asText("");
    return switch (ask) {
      case "status" -> new Status();
      case "drain" -> new Drain(group(node), flag(node.path("hurried")), deadline(node));
      case "resume" -> new Resume(group(node));
      case "adopt", "release", "forget", "remove_ghost" ->
          new Entry(Word.valueOf(ask.toUpperCase(Locale.ROOT)), text(node, "name"));
      case "approve" -> new Approve(node.path("digest").asText(""));
      default ->
          throw new IllegalArgumentException(
              "\"ask\" is none of status, drain, resume, approve, adopt, release, forget and"
                  + " remove_ghost, which is all that this daemon knows");
    };
  }

  private static JsonNode object(String line) {
    try {
      JsonNode node = new ObjectMapper().readTree(line);
      if (node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the request is not JSON", e);
    }
    throw new IllegalArgumentException("the request is not a JSON object");
  }

  private static String group(JsonNode node) {
    return text(node, "group");
  }

  private static String text(JsonNode node, String key) {
    String text = node.path(key).asText("");
    if (text.isBlank()) {
      throw new IllegalArgumentException("\"%s\" is missing".formatted(key));
    }
    return text;
  }

  private static boolean flag(JsonNode node) {
    if (node.isMissingNode() || node.isBoolean()) {
      return node.asBoolean();
    }
    throw new IllegalArgumentException("\"hurried\" is neither true nor false");
  }

  private static Optional<Duration> deadline(JsonNode node) {
    JsonNode deadline = node.path("deadline_ms");
    if (deadline.isMissingNode() || deadline.isNull()) {
      return Optional.empty();
    }
    if (deadline.isIntegralNumber() && deadline.canConvertToInt() && deadline.asInt() >= 0) {
      return Optional.of(Duration.ofMillis(deadline.asInt()));
    }
    throw new IllegalArgumentException("\"deadline_ms\" is no number of milliseconds");
  }
}
