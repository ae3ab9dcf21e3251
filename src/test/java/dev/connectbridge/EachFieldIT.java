package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RunsBeside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every field that Consul 1.8.7 knows, changed in its spec: one write, and then none. The name of a
 * check is not among them: another name is another check, and the old one is removed besides.
 */
@RunsBeside
class EachFieldIT {
  private static final String SPEC =
      """
      job "shop" {
        group "cart" {
          network {
            mode = "bridge"
            port "http" {
              static = 28080
              to     = 8080
            }
            port "health" {
              static = 28081
            }
            port "edge" {
              static = 28082
            }
          }
          service {
            name                = "cart"
            port                = "http"
            address             = "127.0.0.1"
            tags                = ["one", "two"]
            enable_tag_override = false
            meta {
              team = "red"
            }
            tagged_addresses {
              wan = "10.1.1.1:80"
            }
            weights {
              passing = 3
              warning = 2
            }
            check {
              name            = "web"
              type            = "http"
              path            = "/health"
              protocol        = "http"
              interval        = "10s"
              timeout         = "2s"
              method          = "GET"
              body            = "hello"
              initial_status  = "warning"
              tls_skip_verify = false
              header {
                Accept = ["text/plain"]
              }
              success_before_passing   = 1
              failures_before_critical = 2
            }
            check {
              name         = "rpc"
              type         = "grpc"
              grpc_service = "cart.Cart"
              grpc_use_tls = false
              interval     = "11s"
              timeout      = "3s"
            }
            connect {
              sidecar_service {
                port = "edge"
                tags = ["side"]
                meta {
                  tier = "mesh"
                }
                disable_default_tcp_check = false
                proxy {
                  local_service_address = "127.0.0.2"
                  local_service_port    = 8081
                  config {
                    protocol = "http"
                    limits {
                      most = 5
                    }
                  }
                  expose {
                    path {
                      path            = "/metrics"
                      protocol        = "http2"
                      local_path_port = 9102
                      listener_port   = "health"
                    }
                  }
                  upstreams {
                    destination_name   = "db"
                    destination_type   = "service"
                    local_bind_address = "127.0.0.3"
                    local_bind_port    = 28001
                    datacenter         = "dc1"
                    mesh_gateway {
                      mode = "local"
                    }
                    config {
                      connect_timeout_ms = 1000
                    }
                  }
                }
              }
            }
          }
        }
      }
      """;

  /** What is written, and what is written instead; each is put back before the next. */
  private static final List<String> CHANGES =
      List.of(
          "static = 28080 -> static = 28090",
          "\"127.0.0.1\" -> \"127.0.0.9\"",
          "[\"one\", \"two\"] -> [\"two\", \"one\"]",
          "enable_tag_override = false -> enable_tag_override = true",
          "team = \"red\" -> team = \"blue\"",
          "10.1.1.1:80 -> 10.1.1.1:81",
          "passing = 3 -> passing = 4",
          "warning = 2 -> warning = 1",
          "/health -> /ready",
          "protocol        = \"http\" -> protocol = \"https\"",
          "\"10s\" -> \"12s\"",
          "\"2s\" -> \"1500ms\"",
          "\"GET\" -> \"POST\"",
          "\"hello\" -> \"bye\"",
          "tls_skip_verify = false -> tls_skip_verify = true",
          "text/plain -> text/html",
          "success_before_passing   = 1 -> success_before_passing = 3",
          "failures_before_critical = 2 -> failures_before_critical = 4",
          "cart.Cart -> cart.Basket",
          "grpc_use_tls = false -> grpc_use_tls = true",
          "static = 28082 -> static = 28092",
          "[\"side\"] -> [\"side\", \"car\"]",
          "tier = \"mesh\" -> tier = \"edge\"",
          "\"127.0.0.2\" -> \"127.0.0.4\"",
          "= 8081 -> = 8082",
          "protocol = \"http\" -> protocol = \"tcp\"",
          "most = 5 -> most = 6.5",
          "/metrics -> /numbers",
          "\"http2\" -> \"http\"",
          "= 9102 -> = 9103",
          "static = 28081 -> static = 28091",
          "\"db\" -> \"store\"",
          "destination_type   = \"service\" -> destination_type = \"prepared_query\"",
          "\"127.0.0.3\" -> \"127.0.0.5\"",
          "= 28001 -> = 28002",
          "\"dc1\" -> \"dc2\"",
          "\"local\" -> \"remote\"",
          "connect_timeout_ms = 1000 -> connect_timeout_ms = \"1000\"");

  @TempDir private Path specs;

  @Test
  void aChangeOfAnyFieldIsOneWriteAndTheNextPassWritesNothing() throws IOException {
    List<String> wrong = new ArrayList<>();
    try (RealConsul consul = RealConsul.dev();
        CountingProxy proxy = CountingProxy.before(consul.httpPort());
        Bridge bridge =
            Bridge.builder()
                .consul(proxy.address())
                .source(new SpecPaths(List.of(specs)))
                .build()) {
      for (String change : CHANGES) {
        String[] words = change.split(" -> ", -1);
        assertThat(SPEC).contains(words[0]);
        writes(bridge, proxy, SPEC);
        String twice =
            writes(bridge, proxy, SPEC.replaceFirst(Pattern.quote(words[0]), words[1]))
                + " "
                + rest(bridge, proxy);
        if (!twice.equals("1 0")) {
          wrong.add(change + ": " + twice + " writes");
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private String writes(Bridge bridge, CountingProxy proxy, String spec) throws IOException {
    Files.writeString(specs.resolve("shop.nomad.hcl"), spec, UTF_8);
    return rest(bridge, proxy);
  }

  private static String rest(Bridge bridge, CountingProxy proxy) {
    int before = proxy.writes().size();
    Outcome outcome = bridge.runOnce();
    assertThat(outcome.desired().problems()).isEmpty();
    assertThat(outcome.failures()).isEmpty();
    return String.valueOf(proxy.writes().size() - before);
  }
}
