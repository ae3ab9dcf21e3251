package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;

/** Certificates, of which there is only the outside; what was asked for once is kept. */
final class ConnectPart {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String DOMAIN = "7641bde4-1f93-9855-d643-eb0e3210157e.consul";

  private final Insides in;
  private final Set<String> kept = new HashSet<>();

  ConnectPart(Insides in) {
    this.in = in;
  }

  private void enabled() {
    if (!in.options().connect()) {
      throw new Refused(500, "Connect must be enabled in order to use this endpoint");
    }
  }

  private void fetched(String what) {
    if (!kept.contains(what)) {
      in.reached();
      kept.add(what);
    }
  }

  Answered roots() {
    enabled();
    fetched("roots");
    ObjectNode roots = NODES.objectNode().put("ActiveRootID", "00").put("TrustDomain", DOMAIN);
    ObjectNode root = roots.putArray("Roots").addObject().put("ID", "00").put("Active", true);
    root.put("Name", "Consul CA Root Cert").put("RootCert", pem("CERTIFICATE"));
    return Answered.json(roots.toString());
  }

  Answered leaf(Question asked, String service) {
    enabled();
    in.acl().must(asked.token(), "service", service, "write");
    fetched("leaf " + service);
    ObjectNode leaf = NODES.objectNode().put("SerialNumber", "01");
    leaf.put("CertPEM", pem("CERTIFICATE")).put("PrivateKeyPEM", pem("EC PRIVATE KEY"));
    leaf.put("Service", service);
    leaf.put("ServiceURI", "spiffe://" + DOMAIN + "/ns/default/dc/dc1/svc/" + service);
    return Answered.json(leaf.toString());
  }

  private static String pem(String what) {
    return "-----BEGIN %s-----\n-----END %s-----\n".formatted(what, what);
  }
}
