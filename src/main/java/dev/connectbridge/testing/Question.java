package dev.connectbridge.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A question as a handler wants it.
 *
 * @param path its path, decoded
 * @param parameters its query, decoded
 * @param token its token; empty when there is none
 * @param body its body
 */
record Question(String path, Map<String, String> parameters, String token, String body) {

  static Question of(Asked asked) {
    return new Question(
        Query.path(asked.path()), Query.of(asked.target()), asked.token(), asked.body());
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** Returns when a query that blocks is over; up to a sixteenth comes on top. */
  Instant until(Instant since, int otherwiseSeconds) {
    String said = parameter("wait");
    Duration wait =
        said.isEmpty()
            ? Duration.ofSeconds(otherwiseSeconds)
            : GoTime.of(said).orElseThrow(() -> new Refused(400, "Invalid wait time"));
    return since.plus(wait).plus(wait.dividedBy(32));
  }
}
