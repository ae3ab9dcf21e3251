package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Resolver;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.source.JobList;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Value;
import dev.connectbridge.testing.Specs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a program builds is what an author would have written. */
class ResolvedGroupTest {

  private static final String SPEC =
      """
      job "shop" {
        group "api" {
          shutdown_delay = "3s"
          meta { team = "red" }
          network {
            mode = "bridge"
            port "http"  { to = 8080 }
            port "admin" {}
          }
          service {
            name = "${NOMAD_JOB_NAME}-api"
            port = "http"
            tags = ["v1", "${NOMAD_META_team}"]
            enable_tag_override = true
            meta { tier = "front" }
            check {
              type            = "http"
              path            = "/health"
              interval        = "10s"
              timeout         = "2s"
              port            = "admin"
              protocol        = "https"
              tls_skip_verify = true
              method          = "HEAD"
              body            = "ok?"
              initial_status  = "warning"
              header { Accept = ["text/plain", "*/*"] }
              success_before_passing   = 2
              failures_before_critical = 3
            }
            check {
              name         = "alive"
              type         = "grpc"
              grpc_service = "shop.Api"
              grpc_use_tls = true
              interval     = "5s"
              timeout      = "1s"
              address_mode = "alloc"
            }
            connect {
              sidecar_service {
                tags = ["proxy"]
                meta { tier = "mesh" }
                disable_default_tcp_check = true
                proxy {
                  local_service_address = "127.0.0.2"
                  local_service_port    = 8081
                  config { connect_timeout_ms = 500 }
                  upstreams {
                    destination_name   = "db"
                    local_bind_port    = 5432
                    local_bind_address = "127.0.0.3"
                    datacenter         = "dc2"
                    destination_type   = "prepared_query"
                    mesh_gateway { mode = "local" }
                    config { protocol = "tcp" }
                  }
                  upstreams {
                    destination_name = "cache"
                    local_bind_port  = 6379
                  }
                }
              }
              sidecar_task {
                kill_timeout   = "7s"
                shutdown_delay = "1s"
              }
            }
          }
          service {
            name         = "plain"
            port         = "9000"
            address_mode = "alloc"
            check {
              type     = "tcp"
              interval = "10s"
              timeout  = "2s"
            }
          }
        }
      }
      """;

  @Test
  void whatIsBuiltIsWhatTheSameSpecSays() {
    // What stands in no file has no place in one, and an allocation's environment has its own.
    String[] elsewhere = {
      ".*origin", ".*marks\\.ports", ".*launch.*problems.*", ".*environment.*file"
    };
    Workload written = Specs.resolve(SPEC).workloads().get(1);

    Desired built = resolve("shop.nomad.hcl", shop(written));

    assertThat(built.problems()).isEmpty();
    assertThat(built.workloads())
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(elsewhere)
        .isEqualTo(Specs.resolve(SPEC).workloads());
  }

  private static Desired resolve(String source, JobSpec... jobs) {
    var file = new Snapshot.File(source, List.of(jobs), List.of(), List.of());
    return Resolver.resolve(
        new Snapshot(List.of(file), true, List.of()), Situation.of("default", Specs.NODE));
  }

  /** The ports and the ID are those that the written spec was given. */
  private static JobSpec shop(Workload written) {
    var ports = Specs.resolve(SPEC).ports();
    String id = written.registration().id().value().split("[.]", -1)[0].substring(16);
    return ResolvedGroup.of("shop", "api")
        .allocation(id, 0)
        .hostAddress("10.0.0.1")
        .meta("team", "red")
        .port("http", ports.get(id + "/http"), 8080)
        .port("admin", ports.get(id + "/admin"))
        .shutdownDelay(Duration.ofSeconds(3))
        .service(
            "${NOMAD_JOB_NAME}-api",
            "http",
            service -> api(service, ports.get(id + "/connect-proxy-shop-api")))
        .service(
            "plain",
            "9000",
            service ->
                service
                    .addressMode("alloc")
                    .tcpCheck(Duration.ofSeconds(10), Duration.ofSeconds(2), check -> {}))
        .build();
  }

  private static void api(ResolvedService service, int sidecarPort) {
    service
        .tags("v1", "${NOMAD_META_team}")
        .enableTagOverride()
        .meta("tier", "front")
        .httpCheck("/health", Duration.ofSeconds(10), Duration.ofSeconds(2), c -> health(c))
        .grpcCheck(
            "shop.Api",
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            check -> check.name("alive").tls().addressMode("alloc"))
        .sidecar(sidecarPort, sidecar -> proxy(sidecar));
  }

  private static void health(ResolvedCheck check) {
    check
        .port("admin")
        .tls()
        .tlsSkipVerify()
        .method("HEAD")
        .body("ok?")
        .initialStatus("warning")
        .header("Accept", "text/plain", "*/*")
        .successBeforePassing(2)
        .failuresBeforeCritical(3);
  }

  private static void proxy(ResolvedSidecar sidecar) {
    sidecar
        .tags("proxy")
        .meta("tier", "mesh")
        .withoutListeningCheck()
        .localService("127.0.0.2", 8081)
        .config("connect_timeout_ms", Value.Num.of(500))
        .upstream(
            "db",
            5432,
            db ->
                db.localBindAddress("127.0.0.3")
                    .datacenter("dc2")
                    .destinationType("prepared_query")
                    .meshGateway("local")
                    .config("protocol", new Value.Text("tcp")))
        .upstream("cache", 6379)
        .killTimeout(Duration.ofSeconds(7))
        .shutdownDelay(Duration.ofSeconds(1));
  }

  @Test
  void theTaskOfTheProxyIsThere() {
    Workload only = resolve("any", small("a").build()).workloads().get(0);

    assertThat(only.task())
        .hasValueSatisfying(task -> assertThat(task.driver()).isEqualTo("docker"));
    assertThat(only.longestStop()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void whatAnAuthorGetsWrongIsAProblemOfThatGroupAlone() {
    JobList groups = new JobList("scheduler");
    JobSpec broken =
        ResolvedGroup.of("bad", "api")
            .allocation("b", 0)
            .hostAddress("10.0.0.5")
            .service("No_Name", "nowhere", service -> {})
            .build();
    groups.replace(List.of(small("a").build(), broken));

    Desired desired = Resolver.resolve(groups.read(), Situation.of("default", Specs.NODE));

    assertThat(desired.problems())
        .extracting(Problem::path)
        .contains("job.bad.group.api.service[0].name", "job.bad.group.api.service[0].port");
    assertThat(desired.frozen()).containsExactly("scheduler/bad.api[0]");
    assertThat(desired.workloads()).hasSize(1);
    assertThat(desired.workloads().get(0).registration().marks().source())
        .isEqualTo("scheduler/count.api[0]");
  }

  @Test
  void whatNobodyHasSaidYetIsUnknownAndNotEmpty() {
    JobList groups = new JobList("scheduler");

    assertThat(groups.read().complete()).isFalse();
    groups.replace(List.of());
    assertThat(groups.read().complete()).isTrue();
  }

  @Test
  void oneInstanceTwiceIsAProblemThatNamesTheOther() {
    Desired desired = resolve("list", small("a").build(), small("a").build());

    assertThat(desired.problems())
        .extracting(Problem::message)
        .contains("job \"count\" group \"api\" is defined twice: also in list");
  }

  @Test
  void aBuiltGroupDoesNotChangeAnyMore() {
    ResolvedGroup builder = small("a");
    JobSpec before = builder.build();

    builder.service("late", "", service -> {});

    assertThat(before.groups().get(0).services()).hasSize(1);
    assertThat(builder.build().groups().get(0).services()).hasSize(2);
  }

  @Test
  void whatAProgramCannotMeanIsRefusedAtOnce() {
    assertThatIllegalArgumentException().isThrownBy(() -> ResolvedGroup.of("", "api"));
    assertThatIllegalArgumentException().isThrownBy(() -> ResolvedGroup.of(null, "api"));
    assertThatIllegalArgumentException().isThrownBy(() -> small("a").port("x", 0));
    assertThatIllegalArgumentException().isThrownBy(() -> small("a").port("x", 1).port("x", 2));
    assertThatIllegalArgumentException().isThrownBy(() -> small("a").allocation("a", -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> small("a").shutdownDelay(Duration.ofSeconds(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> small("a").service("x", "", service -> service.addressMode("driver")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> small("a").service("x", "", service -> service.sidecar(1).sidecar(2)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> small("a").port("connect-proxy-api", 5).build())
        .withMessageContaining("connect-proxy-api");
    assertThatIllegalStateException()
        .isThrownBy(() -> ResolvedGroup.of("count", "api").build())
        .withMessageContaining("count.api");
    assertThatIllegalArgumentException().isThrownBy(() -> new JobList(" "));
  }

  private static ResolvedGroup small(String allocation) {
    return ResolvedGroup.of("count", "api")
        .allocation(allocation, 0)
        .hostAddress("10.0.0.5")
        .service("api", "9001", service -> service.sidecar(23001));
  }
}
