package dev.connectbridge.consul;

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
 */
public record AgentFacts(
    String nodeName,
    String nodeId,
    String datacenter,
    String version,
    String advertiseAddress,
    int sidecarMinPort,
    int sidecarMaxPort) {}
