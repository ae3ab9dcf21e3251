package dev.connectbridge.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.Specs;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cannot be worked out hides nothing else, and is told once. */
class UnknownValuesTest {

  private static List<String> problems(String text) {
    return Specs.resolve(text).problems().stream().map(Object::toString).toList();
  }

  private static String service(String... lines) {
    return Specs.job(String.join("\n", lines));
  }

  @Test
  void theRulesOfEveryRoomAreToldBesideIt() {
    String text =
        Specs.group(
            """
            service {
              name = var.nobody
              port = "http"
            }
            service {
              name = "web"
              port = "htttp"
              tags = [1, {}]
              check {
                type     = "http"
                interval = "10s" + 1
                timeout  = "2s"
              }
              check {
                type     = "tcp"
                interval = "10"
                timeout  = "2s"
                prot     = 1
              }
            }
            service {
              name = "db"
              port = "admni"
            }
            """);

    List<String> problems = problems(text);

    assertThat(problems)
        .anyMatch(each -> each.endsWith("(job.shop.group.api.service[0].name)"))
        .anyMatch(each -> each.endsWith("(job.shop.group.api.service[1].port)"))
        .anyMatch(each -> each.endsWith("(job.shop.group.api.service[1].tags)"))
        .anyMatch(each -> each.endsWith("(job.shop.group.api.service[1].check[0].path)"))
        .anyMatch(each -> each.endsWith("(job.shop.group.api.service[1].check[0].interval)"))
        .anyMatch(each -> each.endsWith("(job.shop.group.api.service[1].check[1].interval)"))
        .anyMatch(each -> each.endsWith("(job.shop.group.api.service[1].check[1].prot)"))
        .anyMatch(each -> each.endsWith("(job.shop.group.api.service[2].port)"))
        .noneMatch(each -> each.contains("required"))
        .hasSize(8);
  }

  @Test
  void whatIsMissingOnlyBecauseItIsNotKnownIsNotMissing() {
    assertThat(problems(service("name = var.nobody", "port = \"http\"")))
        .singleElement()
        .asString()
        .contains("there is no variable \"nobody\"");
    assertThat(
            problems(
                service(
                    "name = \"web\"",
                    "port = \"http\"",
                    "connect {",
                    "sidecar_service {",
                    "proxy {",
                    "upstreams {",
                    "destination_name = upper(1, 2)",
                    "local_bind_port = 8080",
                    "}",
                    "}",
                    "}",
                    "}")))
        .singleElement()
        .asString()
        .endsWith(
            "(job.shop.group.api.service[0].connect.sidecar_service.proxy.upstreams[0].destination_name)");
  }

  @Test
  void blocksOfWhichItIsNotKnownHowManyThereAreAreNotMissing() {
    String text =
        """
        job "shop" {
          group "api" {
            dynamic "network" {
              for_each = var.nets
              content {}
            }
            service {
              name = "web"
              port = "http"
            }
          }
        }
        """;

    assertThat(problems(text))
        .singleElement()
        .asString()
        .contains("there is no variable \"nets\"")
        .endsWith("(job.shop.group.api.network)");
  }

  @Test
  void aMapOfWhichOneValueIsNotKnownIsToldOnce() {
    assertThat(problems(service("name = \"web\"", "meta {", "a = var.nobody", "b = [\"x\"]", "}")))
        .anyMatch(each -> each.endsWith("(job.shop.group.api.service[0].meta.a)"))
        .hasSize(1);
  }

  @Test
  void aLocalThatFailsIsToldWhereItIsDefined() {
    String text = "locals {\nn = [\"a\", var.nobody]\n}\n" + service("name = join(\"\", local.n)");

    assertThat(problems(text)).singleElement().asString().endsWith("(locals)");
  }

  @Test
  void whatMeansNothingToServicesHidesNoRuleOfThem() {
    String wrong = service("name = \"web\"", "port = \"htttp\"");

    assertThat(problems(wrong.replace("[\"dc1\"]", "[var.nobody]")))
        .hasSize(2)
        .anyMatch(each -> each.contains("htttp"));
    assertThat(problems(wrong.replace("group \"api\" {", "group \"api\" {\ncount = \"many\"")))
        .hasSize(2)
        .anyMatch(each -> each.contains("htttp"));
    assertThat(problems(wrong.replace("port \"admin\" {}", "port \"admin\" { static = \"x\" }")))
        .hasSize(2)
        .anyMatch(each -> each.contains("htttp"))
        .anyMatch(each -> each.contains("static"));
  }

  @Test
  void whatIsWrongInOneGroupHidesNothingOfAnother() {
    String text =
        """
        job "shop" {
          group "a" {
            network {
              port "http" { static = "x" }
            }
          }
          group "b" {
            service {
              name = "web"
              port = "htttp"
            }
          }
        }
        """;

    assertThat(problems(text)).hasSize(2).anyMatch(each -> each.contains("htttp"));
  }
}
