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
      text("address"),
      integer("port")).labelled("Name");

  static final Shape PROXY = Shape.of("proxy",
      duration("connect_timeout"),
      flag("envoy_gateway_bind_tagged_addresses"),
      blocks(BIND_ADDRESS).with(Mark.BY_LABEL),
      flag("envoy_gateway_no_default_bind"),
      text("envoy_dns_discovery_type").api("EnvoyDNSDiscoveryType").oneOf("STRICT_DNS", "LOGICAL_DNS"),
      opaque("config"));

  static final Shape TLS = Shape.of("tls",
      flag("enabled"),
      text("tls_min_version").api("TLSMinVersion"),
      text("tls_max_version").api("TLSMaxVersion"),
      texts("cipher_suites"),
      block(Shape.of("sds", text("cluster_name"), text("cert_resource"))).api("SDS"));

  static final Shape INGRESS_SERVICE = Shape.of("service",
      text("name"),
      texts("hosts"),
      block(Shape.of("tls").unknown(Unknown.IGNORED)).api("TLS"),
      block(Shape.of("request_headers").unknown(Unknown.IGNORED)),
      block(Shape.of("response_headers").unknown(Unknown.IGNORED)),
      integer("max_connections"),
      integer("max_pending_requests"),
      integer("max_concurrent_requests"));

  static final Shape LISTENER = Shape.of("listener",
      integer("port"),
      text("protocol").oneOf("tcp", "http", "http2", "grpc"),
      blocks(INGRESS_SERVICE).api("Services"));

  static final Shape INGRESS = Shape.of("ingress",
      block(TLS).api("TLS"),
      blocks(LISTENER).api("Listeners"));

  static final Shape LINKED_SERVICE = Shape.of("service",
      text("name"),
      text("ca_file").api("CAFile"),
      text("cert_file"),
      text("key_file"),
      text("sni").api("SNI"));

  static final Shape TERMINATING = Shape.of("terminating",
      blocks(LINKED_SERVICE).api("Services"));

  static final Shape GATEWAY = Shape.of("gateway",
      block(PROXY),
      block(INGRESS),
      block(TERMINATING),
      block(Shape.of("mesh")));
  // spotless:on

  private GatewayShapes() {}
}
