package dev.connectbridge.consul;

import java.util.List;
import java.util.Optional;

/**
 * Who an agent is, whatever else is said about its node.
 *
 * @param name its node's name
 * @param id its node's ID, which outlives a new name
 * @param datacenter its datacenter
 */
public record AgentIdentity(String name, String id, String datacenter) {

  /** Returns what {@link #words} tell; empty when it is nothing of the kind. */
  public static Optional<AgentIdentity> of(List<String> words) {
    return words.size() == 3
        ? Optional.of(new AgentIdentity(words.get(0), words.get(1), words.get(2)))
        : Optional.empty();
  }

  /** Returns it in words, none of which has a line break. */
  public List<String> words() {
    return List.of(name, id, datacenter);
  }

  @Override
  public String toString() {
    return "%s (%s, datacenter %s)".formatted(name, id, datacenter);
  }
}
