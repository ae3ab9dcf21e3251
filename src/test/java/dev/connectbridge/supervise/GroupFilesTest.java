package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.resolve.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupFilesTest {
  private static final String JOB =
      """
      job "shop" {
        group "api" {
          network {
            mode = "bridge"
            port "http" {}
          }
          service {
            name = "cart"
            port = "http"
            connect {
              sidecar_service {
                proxy {
                  upstreams {
                    destination_name   = "stock"
                    local_bind_port    = 8080
                  }
                  upstreams {
                    destination_name   = "pay-api"
                    local_bind_address = "127.0.0.9"
                    local_bind_port    = 8081
                  }
                }
              }
              sidecar_task {
                driver = "raw_exec"
                config {
                  command = "proxy"
                }
              }
            }
          }
        }
      }
      """;

  @TempDir private Path temp;
  private World world;
  private Path file;

  @BeforeEach
  void start() {
    world = new World(temp.resolve("data"));
    file = temp.resolve("data/groups/shop.api.0.env");
  }

  @Test
  void whoeverStartsTheApplicationFindsItsPortsAndUpstreamsInAFile() throws IOException {
    world.file("shop.hcl", JOB).settle();

    Registration cart = world.agent().holds().registrations().get(0);
    assertThat(Files.readAllLines(file))
        .contains(
            "NOMAD_PORT_http=" + cart.port(),
            "NOMAD_HOST_PORT_http=" + cart.port(),
            "NOMAD_UPSTREAM_ADDR_stock=127.0.0.1:8080",
            "NOMAD_UPSTREAM_IP_stock=127.0.0.1",
            "NOMAD_UPSTREAM_PORT_stock=8080",
            "NOMAD_UPSTREAM_ADDR_pay_api=127.0.0.9:8081",
            "NOMAD_GROUP_NAME=api");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aPortThatWasDrawnIsAWarningThatNamesTheFile() {
    Outcome outcome = world.file("shop.hcl", JOB).pass();

    int port = world.agent().holds().registrations().get(0).port();
    assertThat(outcome.desired().warnings())
        .extracting(Object::toString)
        .anyMatch(
            warning ->
                warning.contains("\"http\" was given port " + port)
                    && warning.contains("groups/shop.api.0.env"));
  }

  @Test
  void theFileGoesWithItsGroup() {
    world.file("shop.hcl", JOB).settle();
    world.file("shop.hcl", "job {").settle();
    assertThat(file).exists();

    world.file("shop.hcl", null).settle();

    assertThat(file).doesNotExist();
    assertThat(List.of(temp.resolve("data/groups").toFile().list())).isEmpty();
  }
}
