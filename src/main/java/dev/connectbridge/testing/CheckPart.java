package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What can be done to checks. */
final class CheckPart {
  private static final Map<String, String> SHORT =
      Map.of("pass", "passing", "warn", "warning", "fail", "critical");

  private final Insides in;

  CheckPart(Insides in) {
    this.in = in;
  }

  Answered register(Question asked) {
    ObjectNode said = GoBody.read(asked.body(), in.options.check());
    if (said.path("Name").asText("").isEmpty()) {
      throw new Refused(400, "Missing check name");
    }
    Rules.check(said)
        .ifPresent(
            why -> {
              throw new Refused(400, why);
            });
    String serviceId = said.path("ServiceID").asText("");
    HeldService service =
        in.state
            .service(serviceId)
            .orElseThrow(() -> new Refused(500, "ServiceID \"" + serviceId + "\" does not exist"));
    in.acl.mayWrite(asked.token(), service.name());
    String id = said.path("CheckID").asText(said.path("Name").asText());
    in.state.put(new HeldCheck(id, said, service, asked.token()), in.now());
    return in.done();
  }

  Answered deregister(Question asked, String id) {
    in.acl.known(asked.token());
    HeldCheck check = in.state.checks().get(id);
    if (check != null) {
      in.acl.mayWrite(asked.token(), check.service().name());
      in.state.removeCheck(id, in.now());
    } else if (in.options.newer()) {
      throw new Refused(
          404, "Unknown check ID \"" + id + "\". Ensure that the check ID is passed.");
    } else if (in.acl.isOn()) {
      throw new Refused(500, "Unknown check {\"" + id + "\" {}}");
    }
    return in.done();
  }

  Answered update(Question asked, String id) {
    JsonNode said = GoBody.parsed(asked.body());
    return says(asked, id, said.path("Status").asText("critical"), said.path("Output").asText(""));
  }

  Answered says(Question asked, String how, String id) {
    return says(asked, id, SHORT.get(how), asked.parameter("note"));
  }

  private Answered says(Question asked, String id, String status, String output) {
    in.acl.known(asked.token());
    HeldCheck check = in.state.checks().get(id);
    if (check != null) {
      in.acl.mayWrite(asked.token(), check.service().name());
    } else if (in.acl.isOn()) {
      throw new Refused(500, "Unknown check \"" + id + "\"");
    }
    if (check == null || !check.type().equals("ttl")) {
      throw new Refused(500, "CheckID \"" + id + "\" does not have associated TTL");
    }
    in.probing.says(in.state, check, status, output, in.now());
    in.probing.begin(in.state, check, in.now());
    return in.done();
  }
}
