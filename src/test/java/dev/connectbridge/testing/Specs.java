package dev.connectbridge.testing;

import dev.connectbridge.parse.Parsed;
import dev.connectbridge.parse.SpecParser;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Resolver;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Specs in the words of their authors, read and resolved without any agent. */
public final class Specs {

  /** The machine that the specs of the tests run on. */
  public static final Node NODE =
      new Node(
          "node-id",
          "node-1",
          "dc1",
          "10.0.0.1",
          new TreeMap<>(Map.of("private", "192.168.7.7")),
          new TreeMap<>(Map.of("kernel.name", "linux")),
          new TreeMap<>(Map.of("rack", "r7")));

  private Specs() {}

  /** Returns a job with one service, given the inside of its block. */
  public static String job(String serviceBody) {
    return group("service {\n" + serviceBody + "\n}");
  }

  /** Returns a job with one group that has a bridge network with two ports and the given blocks. */
  public static String group(String groupBody) {
    return """
        job "shop" {
          datacenters = ["dc1"]
          group "api" {
            network {
              mode = "bridge"
              port "http" { to = 8080 }
              port "admin" {}
            }
            %s
            task "web" { driver = "docker" }
          }
        }
        """
        .formatted(groupBody);
  }

  /** Returns one file as a source would hold it. */
  public static Snapshot.File file(String name, String text) {
    Parsed parsed = SpecParser.parse(name, text);
    return new Snapshot.File(
        name, parsed.jobs(), parsed.problems(), parsed.warnings(), parsed.glimpse());
  }

  /** Returns a complete snapshot of files, name and text in turn. */
  public static Snapshot snapshot(String... namesAndTexts) {
    List<Snapshot.File> files = new ArrayList<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      files.add(file(namesAndTexts[i], namesAndTexts[i + 1]));
    }
    return new Snapshot(files, true, List.of());
  }

  /** Returns what one HCL text wants on {@link #NODE}. */
  public static Desired resolve(String text) {
    return Resolver.resolve(snapshot("shop.nomad.hcl", text), Situation.of("default", NODE));
  }

  /** Returns the only registration that one HCL text wants; its problems fail the test. */
  public static Registration registration(String text) {
    Desired desired = resolve(text);
    if (!desired.problems().isEmpty() || desired.workloads().size() != 1) {
      throw new AssertionError(desired.problems() + "\n" + desired.workloads());
    }
    return desired.workloads().get(0).registration();
  }
}
