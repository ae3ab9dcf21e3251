package dev.connectbridge.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.Specs;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mistakes that different rooms find are told in one run, in the order of the file. */
class AllAtOnceTest {

  private static List<String> problems(String text) {
    return Specs.resolve(text).problems().stream()
        .map(each -> each.place().line() + ":" + each.place().column() + " " + each.message())
        .toList();
  }

  @Test
  void oneServiceMayBeWrongInEveryRoomAtOnce() {
    String text =
        Specs.job(
            """
              name     = "web"
              port     = "htttp"
              retries  = 3
              tags     = "one"
              check {
                type     = "http"
                path     = "/health"
                interval = 10
                timeout  = "2s"
                port     = "admni"
                notes    = "%s"
              }
              connect {
                sidecar_service {
                  proxy {
                    upstreams {
                      local_bind_port = 8080
                    }
                    upstreams {
                      destination_name = "db"
                      local_bind_port  = 9090
                      mesh_gateway { mode = "lokal" }
                    }
                    upstreams {
                      destination_name = "cache"
                      local_bind_port  = 9090
                    }
                  }
                }
              }
            """
                .formatted("x".repeat(300)));

    assertThat(problems(text))
        .containsExactly(
            "11:3 no port is labelled \"htttp\"; the group has admin, connect-proxy-web, http; did"
                + " you mean \"http\"?",
            "12:3 unknown key \"retries\" in service",
            "13:14 expected a list of texts, found \"one\"; write [\"one\"]",
            "17:16 the bare number 10 would mean nanoseconds to Nomad; write a span of time with its"
                + " unit, such as \"10s\"",
            "19:5 no port is labelled \"admni\"; the group has admin, connect-proxy-web, http; did"
                + " you mean \"admin\"?",
            "20:5 longer than 255 characters: 300",
            "25:9 an upstream needs a destination_name",
            "31:33 expected one of none, local, remote, found \"lokal\"; did you mean \"local\"?",
            "35:11 127.0.0.1:9090 is already the listener of the upstream \"db\" on line 28");
  }

  @Test
  void whatIsNoHclInOneLineHidesNothingOfTheRest() {
    String text =
        """
        job "shop" {
          group "api" {
            network {
              mode = "bridge"
              port "http" { to = 8080 static }
            }
            service {
              name = = "web"
              port = "http"
              task = "nobody"
            }
            task "web" { driver = "docker" }
          }
          group "db" {
            network {
              mode = "bridge"
              port "db" {}
            }
            service {
              name = "db"
              port = "dbb"
              tags = ["a" "b"]
            }
          }
        }
        """;

    assertThat(problems(text))
        .containsExactly(
            "5:31 expected '}' after the one attribute of a block on one line, found \"static\"",
            "8:14 expected a value, found '='",
            "21:7 no port is labelled \"dbb\"; the group has db; did you mean \"db\"?",
            "22:19 expected ',' or ']' in the list of line 22, found a quoted text");
  }

  @Test
  void whatDependsOnABrokenLocalIsNotJudgedAndAllElseIs() {
    String text =
        """
        variable "label" { default = upper(1, 2, 3) }
        variable "count" { defalt = 2 }
        locals {
          name = [1 2]
          port = var.label
          mode = "lokal"
        }
        """
            + Specs.group(
                """
                count = var.count
                service {
                  name = local.name
                  port = local.port
                  task = "nobody"
                  connect {
                    sidecar_service {
                      proxy {
                        upstreams {
                          destination_name = var.label
                          local_bind_port  = 0
                          mesh_gateway { mode = local.mode }
                        }
                      }
                    }
                  }
                }
                """);

    assertThat(problems(text))
        .containsExactly(
            "1:30 upper takes 1 argument, found 3",
            "2:20 unknown key \"defalt\" in variable; did you mean \"default\"?",
            "4:13 expected ',' or ']' in the list of line 4, found '2'",
            "20:3 the group has no task \"nobody\"",
            "26:11 an upstream needs a local_bind_port between 1 and 65535",
            "27:33 expected one of none, local, remote, found \"lokal\"; did you mean \"local\"?");
  }

  @Test
  void aBlockThatNobodyKnowsHidesNothingBesideIt() {
    String wrong = Specs.job("name = \"web\"\nport = \"htttp\"");

    for (String block : List.of("grup \"b\" {}", "frobnicate {}", "grup = 1")) {
      assertThat(problems(wrong.replace("group \"api\"", block + "\ngroup \"api\"")))
          .hasSize(2)
          .anyMatch(each -> each.contains("htttp"));
    }
  }

  @Test
  void aMisspelledKeyHidesNothingButItself() {
    String text =
        Specs.job(
            """
              name = "web"
              port = "http"
              connect {
                sidecar_service {
                  proxy {
                    upstreams {
                      destination_nam = "db"
                      local_bind_port = 70000
                    }
                  }
                }
              }
            """);

    assertThat(problems(text))
        .containsExactly(
            "16:11 unknown key \"destination_nam\" in upstreams; did you mean"
                + " \"destination_name\"?",
            "17:11 a port is between 1 and 65535, not 70000");
  }

  @Test
  void aMistakeThatTwoRulesFindIsToldOnce() {
    String job = "job \"shop\" {\ngroup \"api\" {}\ngroup \"api\" {}\n}\n";
    String check =
        Specs.job(
            """
              name = "web"
              port = "8080"
              connect {
                sidecar_service {}
              }
              check {
                type     = "http"
                path     = "http://here/there"
                interval = "5s"
                timeout  = "2s"
                expose   = true
              }
            """);

    assertThat(problems(job))
        .containsExactly("3:1 the job has two groups \"api\"; the first is on line 2");
    assertThat(problems(check))
        .containsExactly("17:5 a path begins with \"/\"; host and port come from the service");
  }

  @Test
  void twoTasksOfOneNameAreRefused() {
    String text = Specs.group("task \"web\" { driver = \"exec\" }");

    assertThat(problems(text))
        .containsExactly("10:5 the group has two tasks \"web\"; the first is on line 9");
  }

  @Test
  void whatIsMisplacedIsNotMissingWhereItBelongs() {
    String text =
        """
        job "shop" {
          network {
            mode = "bridge"
            port "http" {}
          }
          group "api" {
            service {
              name = "web"
              port = "http"
            }
            connect {
              sidecar_service {}
            }
          }
        }
        """;

    assertThat(problems(text)).hasSize(2).allMatch(each -> each.contains("it belongs in"));
  }

  @Test
  void aFileWhoseBlocksAreNotClosedIsNotJudgedAtAll() {
    String text = Specs.job("name = \"web\"\nport = \"htttp\"\nconnect {");

    assertThat(problems(text)).singleElement().asString().contains("never closed");
  }

  @Test
  void theSameKeyTwiceIsToldOnceInEveryNotation() {
    String json =
        """
        { "job": { "shop": { "group": { "api": {
          "network": { "mode": "bridge", "port": { "http": {} } },
          "service": [ { "name": "web", "name": "wob", "port": "htttp" } ] } } } } }
        """;
    String yaml =
        """
        job:
          shop:
            group:
              api:
                network: { mode: bridge, port: { http: {} } }
                service:
                  - name: web
                    name: wob
                    port: htttp
        """;

    for (Snapshot snapshot :
        List.of(Specs.snapshot("s.json", json), Specs.snapshot("s.yaml", yaml))) {
      assertThat(Resolver.resolve(snapshot, Situation.of("default", Specs.NODE)).problems())
          .hasSize(2)
          .anyMatch(each -> each.message().contains("duplicate key"))
          .anyMatch(each -> each.message().contains("htttp"));
    }
  }

  @Test
  void whatIsFoundInABrokenFileIsNeverSent() {
    Desired desired = Specs.resolve(Specs.job("name = \"web\"\nport = \"http\"\nretries = 3"));

    assertThat(desired.workloads()).isEmpty();
    assertThat(desired.frozen()).containsExactly("shop.nomad.hcl");
  }
}
