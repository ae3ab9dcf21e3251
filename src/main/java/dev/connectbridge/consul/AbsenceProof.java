package dev.connectbridge.consul;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Proves that the servers have forgotten services, for any number of askers with one blocked query
 * a node: when what it shows is without somebody's services, the token is checked for the right to
 * read them, and a last consistent read must agree. What the agent itself holds is not asked here:
 * while it holds a service, it would only be put back.
 *
 * <p>Asks again by itself, at longer and longer intervals up to 2 seconds, where servers do not
 * answer or nothing can be concluded. Safe for use by several threads; closing it tells nobody.
 */
public final class AbsenceProof implements AutoCloseable {
  private static final Duration WAIT = Duration.ofSeconds(30);

  private final CatalogApi catalog;
  private final Duration wait;
  private final Map<String, NodeProof> nodes = new HashMap<>();

  private AbsenceProof(CatalogApi catalog, Duration wait) {
    this.catalog = catalog;
    this.wait = wait;
  }

  /** Returns one that asks these servers; nothing is asked, and no thread runs, before it must. */
  public static AbsenceProof over(CatalogApi catalog) {
    return new AbsenceProof(catalog, WAIT);
  }

  /** Returns one whose blocked queries wait another time than 30 seconds. */
  static AbsenceProof over(CatalogApi catalog, Duration wait) {
    return new AbsenceProof(catalog, wait);
  }

  /**
   * Asks until the servers have forgotten services, or the inquiry is cancelled.
   *
   * @param node the node that had them
   * @param names the name of each service by its ID; the token must be allowed to read them
   * @param proven called once, from another thread, when it is proven; must not block
   */
  public synchronized Inquiry ask(
      String node, SortedMap<String, String> names, Consumer<Verdict> proven) {
    if (node.isBlank() || names.isEmpty()) {
      throw new IllegalArgumentException("a node and a service are needed to ask about");
    }
    NodeProof proof = nodes.computeIfAbsent(node, name -> new NodeProof(catalog, name, wait));
    OpenInquiry inquiry = new OpenInquiry(names, proven, proof);
    proof.join(inquiry);
    return inquiry;
  }

  /** Ends the threads and their calls. */
  @Override
  public synchronized void close() {
    nodes.values().forEach(NodeProof::close);
    catalog.unblock();
  }

  /** One asker's question. */
  public interface Inquiry {

    /** Returns what is known by now: at the end of an asker's patience, why it is not proven. */
    Verdict verdict();

    /** Ends it; a call to tell that it is proven may be under way already. */
    void cancel();
  }

  /**
   * What is known about the absence of services.
   *
   * @param kind whether it is proven, or why not
   * @param reason the same for people; never holds a token
   */
  public record Verdict(Kind kind, String reason) {

    /** Returns whether the servers have forgotten them all. */
    public boolean isProven() {
      return kind == Kind.PROVEN;
    }
  }

  /** How a question about absence may stand. */
  public enum Kind {
    /** They have forgotten them all. */
    PROVEN,
    /** They have not said anything yet. */
    ASKED,
    /** They still hold one, when they were last asked. */
    HELD,
    /** The token may not read what it takes, so an empty answer proves nothing. */
    UNREADABLE,
    /** They do not know the node, so an empty answer proves nothing. */
    UNKNOWN_NODE,
    /** They do not answer, or not without a leader. */
    UNANSWERED,
    /** Something answers that is not Consul, or answers for another node. */
    DOUBTFUL
  }
}
