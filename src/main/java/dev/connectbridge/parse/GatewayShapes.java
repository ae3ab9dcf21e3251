package dev.connectbridge.parse;

import static dev.connectbridge.parse.Key.block;
import static dev.connectbridge.parse.Key.blocks;
import static dev.connectbridge.parse.Key.duration;
import static dev.connectbridge.parse.Key.flag;
import static dev.connectbridge.parse.Key.integer;
import static dev.connectbridge.parse.Key.opaque;
import static dev.connectbridge.parse.Key.text;
import static dev.connectbridge.parse.Key.texts;

import dev.connectbridge.parse.Key.Mark;
import dev.connectbridge.parse.Shape.Unknown;

/** What a gateway may hold (Nomad 1.1.2 to 2.0.5). */
final class GatewayShapes {
  // spotless:off
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

  static final Shape TLS = Shape.of("tls",
      flag("enabled")
          .about("Whether listeners speak TLS.").goes("nowhere; the gateway's configuration entry"),
      text("tls_min_version").api("TLSMinVersion")
          .about("The oldest version of TLS.").goes("nowhere; the gateway's configuration entry").inferred("none"),
      text("tls_max_version").api("TLSMaxVersion")
          .about("The newest version of TLS.").goes("nowhere; the gateway's configuration entry").inferred("none"),
      texts("cipher_suites")
          .about("The ciphers that are offered.").goes("nowhere; the gateway's configuration entry"),
      block(Shape.of("sds", text("cluster_name")
          .about("The cluster that has the certificate.").goes("nowhere; the gateway's configuration entry").inferred("none"), text("cert_resource")
          .about("What the certificate is called there.").goes("nowhere; the gateway's configuration entry").inferred("none"))).api("SDS")
          .about("Where the certificate comes from.").goes("nowhere; the gateway's configuration entry"));

  static final Shape INGRESS_SERVICE = Shape.of("service",
      text("name")
          .about("The service behind the listener; * is all of them.").goes("nowhere; the gateway's configuration entry").inferred("none: it must be said"),
      texts("hosts")
          .about("The names of hosts that lead to it.").goes("nowhere; the gateway's configuration entry"),
      block(Shape.of("tls").unknown(Unknown.IGNORED)).api("TLS")
          .about("Its own settings of TLS.").goes("nowhere; the gateway's configuration entry"),
      block(Shape.of("request_headers").unknown(Unknown.IGNORED))
          .about("What is changed in the headers of requests.").goes("nowhere; the gateway's configuration entry"),
      block(Shape.of("response_headers").unknown(Unknown.IGNORED))
          .about("What is changed in the headers of answers.").goes("nowhere; the gateway's configuration entry"),
      integer("max_connections")
          .about("How many connections there may be at once.").goes("nowhere; the gateway's configuration entry").inferred("none"),
      integer("max_pending_requests")
          .about("How many requests may wait.").goes("nowhere; the gateway's configuration entry").inferred("none"),
      integer("max_concurrent_requests")
          .about("How many requests there may be at once.").goes("nowhere; the gateway's configuration entry").inferred("none"));

  static final Shape LISTENER = Shape.of("listener",
      integer("port")
          .about("The port that the gateway listens on.").goes("SVC.Proxy.Config.envoy_gateway_bind_addresses").inferred("none: it must be said"),
      text("protocol").oneOf("tcp", "http", "http2", "grpc")
          .about("What is spoken there.").goes("nowhere; the gateway's configuration entry").otherwise("tcp"),
      blocks(INGRESS_SERVICE).api("Services")
          .about("A service behind the listener.").goes("nowhere; the gateway's configuration entry"));

  static final Shape INGRESS = Shape.of("ingress",
      block(TLS).api("TLS")
          .about("How listeners speak TLS.").goes("nowhere; the gateway's configuration entry"),
      blocks(LISTENER).api("Listeners")
          .about("A port that the gateway listens on.").goes("SVC.Proxy.Config.envoy_gateway_bind_addresses"));

  static final Shape LINKED_SERVICE = Shape.of("service",
      text("name")
          .about("The service outside the mesh.").goes("nowhere; the gateway's configuration entry").inferred("none: it must be said"),
      text("ca_file").api("CAFile")
          .about("The authority whose certificates are trusted there.").goes("nowhere; the gateway's configuration entry").inferred("none"),
      text("cert_file")
          .about("The certificate that is shown there.").goes("nowhere; the gateway's configuration entry").inferred("none"),
      text("key_file")
          .about("The key of that certificate.").goes("nowhere; the gateway's configuration entry").inferred("none"),
      text("sni").api("SNI")
          .about("The name that is asked for there.").goes("nowhere; the gateway's configuration entry").inferred("none"));

  static final Shape TERMINATING = Shape.of("terminating",
      blocks(LINKED_SERVICE).api("Services")
          .about("A service outside the mesh that is reached through the gateway.").goes("nowhere; the gateway's configuration entry"));

  static final Shape GATEWAY = Shape.of("gateway",
      block(PROXY)
          .about("How the gateway's proxy behaves.").goes("SVC.Proxy.Config"),
      block(INGRESS)
          .about("It lets traffic into the mesh; one of this, terminating and mesh there must be.").goes("SVC.Kind"),
      block(TERMINATING)
          .about("It lets traffic out to services that are not in the mesh.").goes("SVC.Kind"),
      block(Shape.of("mesh"))
          .about("It joins datacenters.").goes("SVC.Kind"));
  // spotless:on

  private GatewayShapes() {}
}
