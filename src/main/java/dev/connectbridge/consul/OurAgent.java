package dev.connectbridge.consul;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which agent is ours. Its address may lead to another one some day, and what was decided about the
 * entries of ours is not done to those of that one. Safe for use by several threads; a journal that
 * cannot be written is said and hinders nobody.
 */
public final class OurAgent {
  private static final Logger log = LoggerFactory.getLogger(OurAgent.class);

  private final Consumer<Identity> journal;
  private volatile Optional<Identity> known;
  private Optional<Identity> kept;

  /**
   * Creates one.
   *
   * @param known who it was when it was last kept; empty where that was never
   * @param journal keeps it for the next time
   */
  public OurAgent(Optional<Identity> known, Consumer<Identity> journal) {
    this.known = known;
    this.kept = known;
    this.journal = journal;
  }

  /** Returns one that is forgotten at the end of the process. */
  public static OurAgent ofProcess() {
    return new OurAgent(Optional.empty(), identity -> {});
  }

  /** Returns who it is; empty until one is taken. */
  public Optional<Identity> known() {
    return known;
  }

  /** Returns whether an agent is another one than ours, as far as that is known. */
  public boolean isOther(Identity identity) {
    return known.filter(ours -> !ours.equals(identity)).isPresent();
  }

  /** Takes an agent for ours that was it once, where nothing else is known. */
  public void remember(Identity identity) {
    known = known.or(() -> Optional.of(identity));
  }

  /** Takes an agent for ours from now on. */
  public void take(Identity identity) {
    known = Optional.of(identity);
  }

  /** Keeps who it is, if that is news. */
  public synchronized void keep() {
    if (known.isEmpty() || known.equals(kept)) {
      return;
    }
    try {
      journal.accept(known.get());
      kept = known;
    } catch (UncheckedIOException e) {
      log.warn("who the agent is is known until the end of this process only: {}", e.getMessage());
    }
  }

  /**
   * Who an agent is, whatever else is said about its node.
   *
   * @param name its node's name
   * @param id its node's ID, which outlives a new name
   * @param datacenter its datacenter
   */
  public record Identity(String name, String id, String datacenter) {

    /** Returns what {@link #words} tell; empty when it is nothing of the kind. */
    public static Optional<Identity> of(List<String> words) {
      return words.size() == 3
          ? Optional.of(new Identity(words.get(0), words.get(1), words.get(2)))
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
}
