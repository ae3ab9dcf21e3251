package dev.connectbridge.consul;

import java.io.IOException;
import javax.net.ssl.SSLException;

/** What may be wrong when there is no answer over TLS, in words that say what to do. */
final class TlsTrouble {
  private static final String CERTIFICATE =
      "the agent asks for a client certificate of its authority (consul.cert_file and key_file, or"
          + " CONSUL_CLIENT_CERT and CONSUL_CLIENT_KEY)";

  private TlsTrouble() {}

  static String of(IOException e, String said) {
    String line = Reply.oneLine(said);
    return e instanceof SSLException
        ? "TLS does not come about: " + line + advice(said)
        : line + "; over TLS, that may be since " + CERTIFICATE;
  }

  private static String advice(String said) {
    if (said.contains("certification path")) {
      return "; say who has signed the agent's certificate (consul.ca_file or CONSUL_CACERT)";
    }
    if (said.contains("not verified")) {
      return "; say the name in the agent's certificate (consul.tls_server_name or"
          + " CONSUL_TLS_SERVER_NAME)";
    }
    if (said.contains("SSL message")) {
      return "; the agent speaks no TLS at this port";
    }
    return said.contains("alert") ? "; perhaps " + CERTIFICATE : "";
  }
}
