package dev.connectbridge.parse;

import static dev.connectbridge.parse.Key.Mark.IGNORED;
import static dev.connectbridge.parse.Key.block;
import static dev.connectbridge.parse.Key.blocks;
import static dev.connectbridge.parse.Key.duration;
import static dev.connectbridge.parse.Key.flag;
import static dev.connectbridge.parse.Key.integer;
import static dev.connectbridge.parse.Key.opaque;
import static dev.connectbridge.parse.Key.text;
import static dev.connectbridge.parse.Key.textMap;
import static dev.connectbridge.parse.Key.texts;

/** What may be said of the task that runs a proxy (Nomad 1.1.2 to 2.0.5). */
final class SidecarTaskShapes {
  // spotless:off
  static final Shape SIDECAR_RESOURCES = Shape.of("resources",
      integer("cpu").api("CPU")
          .about("MHz of processor time that the proxy's task asks for.").goes("the proxy's task").otherwise("250"),
      integer("memory").api("MemoryMB")
          .about("Memory in MB that it asks for.").goes("the proxy's task").otherwise("128"),
      integer("cores")
          .about("Whole processor cores that it asks for, instead of MHz.").goes("the proxy's task").inferred("none"),
      integer("memory_max").api("MemoryMaxMB")
          .about("Memory in MB that it may grow to.").goes("the proxy's task").inferred("none"),
      integer("disk").api("DiskMB").later()
          .about("Nothing; disk is the group's to ask for.").goes("nowhere").inferred("none"),
      integer("secrets").api("SecretsMB").with(IGNORED),
      blocks(Shape.of("network")).api("Networks").with(IGNORED),
      blocks(Shape.of("device")).api("Devices").with(IGNORED),
      block(Shape.of("numa")).api("NUMA").with(IGNORED),
      integer("iops").api("IOPS").with(IGNORED));

  static final Shape SIDECAR_LOGS = Shape.of("logs",
      integer("max_files")
          .about("How many files of the proxy's output are kept.").goes("the proxy's task").otherwise("2"),
      integer("max_file_size").api("MaxFileSizeMB")
          .about("How large each of these files may grow, in MB.").goes("the proxy's task").otherwise("2"),
      flag("disabled")
          .about("Whether the proxy's output is not kept at all.").goes("the proxy's task"),
      flag("enabled").with(IGNORED));

  static final Shape VOLUME_MOUNT = Shape.of("volume_mount",
      text("volume")
          .about("The group's volume that is mounted.").goes("nowhere").inferred("none"),
      text("destination")
          .about("Where it is mounted.").goes("nowhere").inferred("none"),
      flag("read_only")
          .about("Whether it is mounted for reading alone.").goes("nowhere"),
      text("propagation_mode")
          .about("How mounts inside it are passed on.").goes("nowhere").inferred("none"),
      text("selinux_label").api("SELinuxLabel")
          .about("Its label for SELinux.").goes("nowhere").inferred("none"));

  static final Shape IDENTITY = Shape.of("identity",
      text("name")
          .about("What the token is called.").goes("nowhere").inferred("none"),
      texts("aud").api("Audience")
          .about("Who the token is for.").goes("nowhere"),
      text("change_mode")
          .about("What happens to the task when the token is renewed.").goes("nowhere").inferred("none"),
      text("change_signal")
          .about("The signal that it is then sent.").goes("nowhere").inferred("none"),
      flag("env")
          .about("Whether the token is in the task's environment.").goes("nowhere"),
      flag("file")
          .about("Whether the token is in a file.").goes("nowhere"),
      text("filepath")
          .about("Which file that is.").goes("nowhere").inferred("none"),
      text("service_name")
          .about("The service that the token is for.").goes("nowhere").inferred("none"),
      duration("ttl").api("TTL")
          .about("How long the token holds.").goes("nowhere").inferred("none"),
      opaque("extra_claims").with(IGNORED));

  static final Shape SIDECAR_TASK = Shape.of("sidecar_task",
      text("name")
          .about("What the proxy's task is called.").goes("the proxy's task").inferred("connect-proxy-SERVICE"),
      text("driver")
          .about("What runs it; another than the default drops the default config.").goes("the proxy's task").inferred("docker, or podman where the group runs that alone"),
      text("user")
          .about("The user that it runs as.").goes("the proxy's task").inferred("the driver's own"),
      opaque("config")
          .about("What the driver is told, over the default key by key.").goes("the proxy's task"),
      textMap("env")
          .about("Environment variables of the proxy.").goes("the proxy's task"),
      block(SIDECAR_RESOURCES)
          .about("What the proxy asks of its machine.").goes("the proxy's task"),
      textMap("meta")
          .about("Key and value pairs of the task.").goes("the proxy's task"),
      block(SIDECAR_LOGS).api("LogConfig")
          .about("How the proxy's output is kept.").goes("the proxy's task"),
      duration("kill_timeout")
          .about("How long the proxy may take to end once told to.").goes("the proxy's task").otherwise("5s"),
      duration("shutdown_delay")
          .about("How long the proxy goes on after its service was deregistered.").goes("the proxy's task").otherwise("5s"),
      text("kill_signal")
          .about("The signal that tells the proxy to end.").goes("the proxy's task").inferred("the driver's own"),
      blocks(VOLUME_MOUNT).api("VolumeMounts")
          .about("A volume of the group that the proxy sees; read, and left to the scheduler.").goes("nowhere"),
      blocks(IDENTITY).api("Identities")
          .about("A token of the task; read, and left to the scheduler.").goes("nowhere"));
  // spotless:on

  private SidecarTaskShapes() {}
}
