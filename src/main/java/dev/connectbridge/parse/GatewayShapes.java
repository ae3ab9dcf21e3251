package dev.connectbridge.parse;

import static dev.connectbridge.parse.Key.block;
import static dev.connectbridge.parse.Key.blocks;
import static dev.connectbridge.parse.Key.duration;
import static dev.connectbridge.parse.Key.flag;
import static dev.connectbridge.parse.Key.integer;
import static dev.connectbridge.parse.Key.opaque;
import static dev.connectbridge.parse.Key.text;
import static dev.connectbridge.parse.Key.textMap;
import static dev.connectbridge.parse.Key.texts;

import dev.connectbridge.parse.Key.Mark;

/** What a gateway may hold (Nomad 1.1.2 to 2.0.5). */
final class GatewayShapes {
  // spotless:off
  private static final String[] VERSIONS = {"TLS_AUTO", "TLSv1_0", "TLSv1_1", "TLSv1_2", "TLSv1_3"};

  static final Shape BIND_ADDRESS = Shape.of("envoy_gateway_bind_addresses",
      text("address")
          .about("The address that is bound.").goes("SVC.Proxy.Config.envoy_gateway_bind_addresses").inferred("none"),
      integer("port")
          .about("The port that is bound; -1 is the one that was given out.").goes("SVC.Proxy.Config.envoy_gateway_bind_addresses").inferred("none")).labelled("Name");

  static final Shape PROXY = Shape.of("proxy",
      duration("connect_timeout")
          .about("How long a connection to a service may take to come about.").goes("SVC.Proxy.Config.connect_timeout_ms").otherwise("5s"),
      flag("envoy_gateway_bind_tagged_addresses")
          .about("Whether the service's tagged addresses are bound too.").goes("SVC.Proxy.Config, the same name"),
      blocks(BIND_ADDRESS).with(Mark.BY_LABEL)
          .about("An address to bind, under its name.").goes("SVC.Proxy.Config, the same name"),
      flag("envoy_gateway_no_default_bind")
          .about("Whether the service's own address is not bound.").goes("SVC.Proxy.Config, the same name"),
      text("envoy_dns_discovery_type").api("EnvoyDNSDiscoveryType").oneOf("STRICT_DNS", "LOGICAL_DNS")
          .about("How names outside the mesh are looked up.").goes("SVC.Proxy.Config, the same name").inferred("Envoy's"),
      opaque("config")
          .about("Settings of the gateway, carried as they are; they win over all others.").goes("SVC.Proxy.Config"));

  static final Shape SDS = Shape.of("sds",
      text("cluster_name")
          .about("The cluster that has the certificate.").goes("SDS.ClusterName").inferred("none"),
      text("cert_resource")
          .about("What the certificate is called there.").goes("SDS.CertResource").inferred("none"));

  static final Shape TLS = Shape.of("tls",
      flag("enabled")
          .about("Whether listeners speak TLS.").goes("ENTRY.TLS.Enabled"),
      text("tls_min_version").api("TLSMinVersion").oneOf(VERSIONS)
          .about("The oldest version of TLS.").goes("ENTRY.TLS.TLSMinVersion").inferred("none"),
      text("tls_max_version").api("TLSMaxVersion").oneOf(VERSIONS)
          .about("The newest version of TLS.").goes("ENTRY.TLS.TLSMaxVersion").inferred("none"),
      texts("cipher_suites")
          .about("The ciphers that are offered.").goes("ENTRY.TLS.CipherSuites"),
      block(SDS).api("SDS")
          .about("Where the certificate comes from.").goes("ENTRY.TLS.SDS"));

  /** Consul takes of it what a certificate is asked for with, nothing else. */
  static final Shape SERVICE_TLS = Shape.of("tls",
      flag("enabled").with(Mark.IGNORED)
          .about("Listeners speak TLS, not services; see tls of ingress.").goes("nowhere"),
      text("tls_min_version").api("TLSMinVersion").with(Mark.IGNORED)
          .about("See tls of ingress.").goes("nowhere").inferred("none"),
      text("tls_max_version").api("TLSMaxVersion").with(Mark.IGNORED)
          .about("See tls of ingress.").goes("nowhere").inferred("none"),
      texts("cipher_suites").with(Mark.IGNORED)
          .about("See tls of ingress.").goes("nowhere"),
      block(SDS).api("SDS")
          .about("Where the certificate comes from.").goes("ENTRY.Listeners.Services.TLS.SDS"));

  static final Shape HEADERS = Shape.of("request_headers", headers("RequestHeaders"));

  static final Shape ANSWER_HEADERS = Shape.of("response_headers", headers("ResponseHeaders"));

  static final Shape INGRESS_SERVICE = Shape.of("service",
      text("name")
          .about("The service behind the listener; * is all of them.").goes("ENTRY.Listeners.Services.Name").inferred("none: it must be said"),
      texts("hosts")
          .about("The names of hosts that lead to it.").goes("ENTRY.Listeners.Services.Hosts"),
      block(SERVICE_TLS).api("TLS")
          .about("Its own certificate.").goes("ENTRY.Listeners.Services.TLS"),
      block(HEADERS)
          .about("What is changed in the headers of requests.").goes("ENTRY.Listeners.Services.RequestHeaders"),
      block(ANSWER_HEADERS)
          .about("What is changed in the headers of answers.").goes("ENTRY.Listeners.Services.ResponseHeaders"),
      integer("max_connections")
          .about("How many connections there may be at once.").goes("ENTRY.Listeners.Services.MaxConnections").inferred("none"),
      integer("max_pending_requests")
          .about("How many requests may wait.").goes("ENTRY.Listeners.Services.MaxPendingRequests").inferred("none"),
      integer("max_concurrent_requests")
          .about("How many requests there may be at once.").goes("ENTRY.Listeners.Services.MaxConcurrentRequests").inferred("none"));

  static final Shape LISTENER = Shape.of("listener",
      integer("port")
          .about("The port that the gateway listens on.").goes("ENTRY.Listeners.Port, SVC.Proxy.Config.envoy_gateway_bind_addresses").inferred("none: it must be said"),
      text("protocol").oneOf("tcp", "http", "http2", "grpc")
          .about("What is spoken there.").goes("ENTRY.Listeners.Protocol").otherwise("tcp"),
      blocks(INGRESS_SERVICE).api("Services")
          .about("A service behind the listener.").goes("ENTRY.Listeners.Services"));

  static final Shape INGRESS = Shape.of("ingress",
      block(TLS).api("TLS")
          .about("How listeners speak TLS.").goes("ENTRY.TLS"),
      blocks(LISTENER).api("Listeners")
          .about("A port that the gateway listens on.").goes("ENTRY.Listeners, SVC.Proxy.Config.envoy_gateway_bind_addresses"));

  static final Shape LINKED_SERVICE = Shape.of("service",
      text("name")
          .about("The service outside the mesh.").goes("ENTRY.Services.Name").inferred("none: it must be said"),
      text("ca_file").api("CAFile")
          .about("The authority whose certificates are trusted there.").goes("ENTRY.Services.CAFile").inferred("none"),
      text("cert_file")
          .about("The certificate that is shown there.").goes("ENTRY.Services.CertFile").inferred("none"),
      text("key_file")
          .about("The key of that certificate.").goes("ENTRY.Services.KeyFile").inferred("none"),
      text("sni").api("SNI")
          .about("The name that is asked for there.").goes("ENTRY.Services.SNI").inferred("none"));

  static final Shape TERMINATING = Shape.of("terminating",
      blocks(LINKED_SERVICE).api("Services")
          .about("A service outside the mesh that is reached through the gateway.").goes("ENTRY.Services"));

  static final Shape GATEWAY = Shape.of("gateway",
      block(PROXY)
          .about("How the gateway's proxy behaves.").goes("SVC.Proxy.Config"),
      block(INGRESS)
          .about("It lets traffic into the mesh; one of this, terminating and mesh there must be.").goes("SVC.Kind"),
      block(TERMINATING)
          .about("It lets traffic out to services that are not in the mesh.").goes("SVC.Kind"),
      block(Shape.of("mesh"))
          .about("It joins datacenters.").goes("SVC.Kind"));

  private static Key[] headers(String where) {
    String entry = "ENTRY.Listeners.Services." + where;
    return new Key[] {
      textMap("add").with(Mark.ATTRIBUTE_TOO)
          .about("Headers that are added.").goes(entry + ".Add"),
      textMap("set").with(Mark.ATTRIBUTE_TOO)
          .about("Headers that take the place of others of their names.").goes(entry + ".Set"),
      texts("remove")
          .about("The names of headers that go.").goes(entry + ".Remove")
    };
  }
  // spotless:on

  private GatewayShapes() {}
}
