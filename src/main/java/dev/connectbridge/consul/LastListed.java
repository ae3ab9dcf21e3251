package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.resolve.Observed;

/**
 * What the agent listed last, and what that came to: an agent at rest answers the same to the
 * letter, which is not read again. Safe for use by several threads.
 */
final class LastListed {
  private record Listed(Reply services, Reply checks, Observed observed) {}

  private volatile Listed last;

  Observed of(Reply services, Reply checks) throws AgentException {
    Listed listed = last;
    if (listed == null || !listed.services.equals(services) || !listed.checks.equals(checks)) {
      JsonNode said = checks.object();
      listed = new Listed(services, checks, AgentListing.observed(services.object(), said));
      last = listed;
    }
    return listed.observed;
  }
}
