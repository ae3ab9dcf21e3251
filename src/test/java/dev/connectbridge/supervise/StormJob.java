package dev.connectbridge.supervise;

import java.time.Duration;
import java.util.Random;

/** A file with a group, as it stands. */
final class StormJob {
  final String name;
  final int groupDelay;
  private final int taskDelay;
  private final int killTimeout;
  private final boolean shared;
  String file;
  int services;
  int task;
  int tag;
  boolean broken;
  Duration touched = Duration.ZERO;

  StormJob(String name, Random random) {
    this.name = name;
    this.file = name + "0.hcl";
    this.groupDelay = random.nextInt(2) * random.nextInt(4);
    this.taskDelay = random.nextInt(2) * random.nextInt(4);
    this.killTimeout = random.nextInt(4);
    this.shared = random.nextInt(3) == 0;
  }

  String group() {
    return name + "/g[0]";
  }

  String text() {
    if (broken) {
      return "job {";
    }
    StringBuilder blocks = new StringBuilder();
    for (int i = 0; i < services; i++) {
      blocks.append(
          """
          service {
            name = "%s"
            port = "%d"
            tags = ["t%d"]
            connect {
              sidecar_service {}
              sidecar_task {
                driver = "raw_exec"
                shutdown_delay = "%ds"
                kill_timeout = "%ds"
                config { command = "proxy" }
                env { V = "%d" }
              }
            }
          }
          """
              .formatted(
                  shared ? name : name + i,
                  (name.equals("one") ? 9000 : 9100) + i,
                  tag,
                  taskDelay,
                  killTimeout,
                  task));
    }
    return """
        job "%s" {
          group "g" {
            network { mode = "bridge" }
            shutdown_delay = "%ds"
            %s
          }
        }
        """
        .formatted(name, groupDelay, blocks);
  }
}
