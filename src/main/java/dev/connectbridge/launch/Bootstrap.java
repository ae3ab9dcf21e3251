package dev.connectbridge.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file that Envoy is started with, and the command that prints it. The file holds the token in
 * clear, so it is for the task's directory of secrets, 0600. The command fails while the agent does
 * not know the proxy yet.
 *
 * @param proxy the ID under which Consul knows the proxy
 * @param gateway {@code ingress}, {@code terminating} or {@code mesh}; empty for a sidecar
 * @param admin where Envoy listens for its administrator, host and port
 */
public record Bootstrap(String proxy, String gateway, String admin) {

  /** The name of the file, below the directory of secrets. */
  public static final String FILE = "envoy_bootstrap.json";

  /**
   * Returns the command; agent and token are told by its environment, never here.
   *
   * @param consul the consul binary
   * @param grpc where the agent serves Envoy; empty leaves it to the command to ask the agent
   */
  public List<String> command(String consul, Optional<String> grpc) {
    List<String> words = new ArrayList<>(List.of(consul, "connect", "envoy"));
    grpc.ifPresent(address -> words.addAll(List.of("-grpc-addr", address)));
    words.addAll(List.of("-admin-bind", admin));
    if (!gateway.isEmpty()) {
      words.addAll(List.of("-gateway", gateway));
    }
    words.addAll(List.of("-proxy-id", proxy, "-bootstrap"));
    return words;
  }

  Bootstrap withAdmin(String address) {
    return new Bootstrap(proxy, gateway, address);
  }
}
