package dev.connectbridge.consul;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who the agent is.
 *
 * @param nodeName its node's name
 * @param nodeId its node's ID
 * @param datacenter its datacenter
 * @param version its version, for instance {@code 1.8.7}
 * @param advertiseAddress the address that it tells others
 * @param sidecarMinPort the first port that Consul itself hands to sidecars; 0 when unknown
 * @param sidecarMaxPort the last one
 * @param offers what it is configured to give to proxies
 * @param keeps whether it says that it keeps on its disk what is registered, so that neither a
 *     reload nor a restart makes it forget
 */
public record AgentFacts(
    String nodeName,
    String nodeId,
    String datacenter,
    String version,
    String advertiseAddress,
    int sidecarMinPort,
    int sidecarMaxPort,
    Offers offers,
    boolean keeps) {

  /** Creates the facts of an agent that tells neither what it offers nor that it has a disk. */
  public AgentFacts(
      String nodeName,
      String nodeId,
      String datacenter,
      String version,
      String advertiseAddress,
      int sidecarMinPort,
      int sidecarMaxPort) {
    this(
        nodeName,
        nodeId,
        datacenter,
        version,
        advertiseAddress,
        sidecarMinPort,
        sidecarMaxPort,
        Offers.UNKNOWN,
        false);
  }

  /** Returns who it is. */
  public OurAgent.Identity identity() {
    return new OurAgent.Identity(nodeName, nodeId, datacenter);
  }

  /**
   * What an agent is configured to give to proxies; what it does not tell is empty.
   *
   * @param connect whether Connect is enabled
   * @param grpcPort where Envoy gets its configuration; 0 or less where it cannot
   * @param connectionsPerClient how many connections one client address may hold to the HTTP port
   */
  public record Offers(
      Optional<Boolean> connect, OptionalInt grpcPort, OptionalInt connectionsPerClient) {
    /** Nothing is told. */
    public static final Offers UNKNOWN =
        new Offers(Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
  }
}
