package dev.connectbridge.converge;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that is so of an entry, or not: a value.
 *
 * @param kind what is told
 * @param truth whether it is so
 * @param since since when this bridge knows it to be so, or not
 * @param reason why it is as it is, in words; empty where that goes without saying
 * @param lastError what went wrong last, while it does; or empty
 * @param nextTry when it is tried again; empty when nothing is to be tried
 */
public record Condition(
    Kind kind,
    Truth truth,
    Instant since,
    String reason,
    String lastError,
    Optional<Instant> nextTry) {

  /** Whether something is so. */
  public enum Truth {
    TRUE,
    FALSE,
    /** Nobody could be asked. */
    UNKNOWN
  }

  /** What is told of an entry, in the order in which it comes about. */
  public enum Kind {
    /** Its spec can be read, and has no problems. */
    ACCEPTED("Accepted"),
    /** It is known what is to be registered. */
    RESOLVED("Resolved"),
    /** Nobody else holds its ID. */
    NO_CONFLICT("NoConflict"),
    /** The agent holds the service as it is wanted. */
    AGENT_REGISTERED("AgentRegistered"),
    /** The agent holds the sidecar as it is wanted; only of services that have one. */
    SIDECAR_REGISTERED("SidecarRegistered"),
    /** Consul's servers hold the same. */
    CATALOG_CONVERGED("CatalogConverged"),
    /** The checks of its group's proxies pass. */
    PROXY_LISTENING("ProxyListening"),
    /** Its group's upstreams are allowed, and somebody is there. */
    UPSTREAMS_READY("UpstreamsReady"),
    /** It is on its way out. */
    DRAINING("Draining"),
    /** It is gone, and held back. */
    DRAINED("Drained");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** Returns whether nobody knows it who is not asked. */
    boolean isAskedFor() {
      return this == PROXY_LISTENING || this == UPSTREAMS_READY;
    }

    /** Returns the name that people and programs know it by. */
    public String text() {
      return text;
    }
  }

  /** Returns whether it is as it is in a mesh at rest. */
  public boolean isWell() {
    boolean leaving = kind == Kind.DRAINING || kind == Kind.DRAINED;
    return truth == (leaving ? Truth.FALSE : Truth.TRUE);
  }
}
