package dev.connectbridge.resolve;

import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import java.util.Comparator;
import java.util.Set;

/**
 * A port of the host that one instance is going to listen on.
 *
 * @param instance the instance
 * @param kind what the port is to it
 * @param address the address that it listens at; empty for all of them
 * @param port the port
 * @param what the thing in a few words
 * @param key the key that says the port
 * @param origin where it is said
 */
record Claim(
    Instance instance,
    Kind kind,
    String address,
    int port,
    String what,
    String key,
    Origin origin) {

  /** The same for every order in which specs are read. */
  static final Comparator<Claim> ORDER =
      Comparator.comparing((Claim claim) -> claim.instance.source())
          .thenComparing(claim -> claim.instance.job().namespace())
          .thenComparing(claim -> claim.instance.job().id())
          .thenComparing(claim -> claim.instance.group().name())
          .thenComparingInt(claim -> claim.instance.index())
          .thenComparing(claim -> claim.instance.id())
          .thenComparing(Claim::kind)
          .thenComparing(Claim::what)
          .thenComparing(Claim::address);

  private static final Set<String> ANY = Set.of("", "0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0");

  /** What a port is to an instance. */
  enum Kind {
    /** The proxy listens on it for an upstream. */
    UPSTREAM,
    /** The spec says it, for the application, which may run already. */
    STATIC,
    /** The spec says it, for a proxy, which is started once it is registered. */
    PROXY,
    /** A service says it as a number, for the application, which may run already. */
    LITERAL,
    /** Nomad gave it. */
    ALLOCATED
  }

  /** What one group does to itself is a matter of admission, unless host and loopback meet. */
  boolean isInTheWayOf(Claim other) {
    if (port != other.port) {
      return false;
    }
    boolean sameKind = kind == Kind.UPSTREAM == (other.kind == Kind.UPSTREAM);
    if (instance.id().equals(other.instance.id()) && sameKind) {
      return false;
    }
    if (kind == Kind.ALLOCATED && other.kind == Kind.ALLOCATED) {
      return false;
    }
    return isLocal() || other.isLocal() || meets(other);
  }

  /**
   * Returns whether two instances of one group say one number: each is right where groups have
   * networks of their own, so that an author who knows of those alone is warned, not refused.
   */
  boolean isTwin(Claim other) {
    return kind == Kind.LITERAL
        && other.kind == Kind.LITERAL
        && instance.source().equals(other.instance.source())
        && instance.job().namespace().equals(other.instance.job().namespace())
        && instance.job().id().equals(other.instance.job().id())
        && instance.group().name().equals(other.instance.group().name());
  }

  /** An application that shares the host's network may listen anywhere on it. */
  private boolean isLocal() {
    return kind != Kind.UPSTREAM && !instance.ownNetwork();
  }

  private boolean meets(Claim other) {
    return ANY.contains(address) || ANY.contains(other.address) || address.equals(other.address);
  }

  Problem against(Claim other) {
    return problem("as is %s of %s".formatted(other.what, other.who()));
  }

  Problem against(Foreign other) {
    return problem(
        "as is service \"%s\" (%s), which is not ours".formatted(other.name(), other.id()));
  }

  Problem problem(String clash) {
    return origin.problem(key, "%s is at %s, %s".formatted(what, listener(), clash));
  }

  private String listener() {
    return address.isEmpty() ? "port " + port : Addresses.hostPort(address, port);
  }

  private String who() {
    Origin group = instance.group().origin();
    String file = group.file().isEmpty() ? instance.source() : group.file();
    int line = origin.place().line() == 0 ? group.place().line() : origin.place().line();
    return "job \"%s\" group \"%s\" (instance %d) in %s%s"
        .formatted(
            instance.job().id(),
            instance.group().name(),
            instance.index(),
            file,
            line == 0 ? "" : ":" + line);
  }
}
