package dev.connectbridge.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One row of our own case table: a fragment of a spec, and what must come of it.
 *
 * @param name the family, and what the row is about
 * @param where the frame that the fragment is put into
 * @param setting what is to be known of the instance, for instance {@code canary}
 * @param fragment the fragment; its lines count from 1 in {@code expected}
 * @param expected {@code -> POINTER VALUE} for what is sent, {@code !! LINE:COLUMN TEXT} for a
 *     problem, {@code ?? LINE:COLUMN TEXT} for a warning
 */
record Case(String name, String where, String setting, String fragment, List<String> expected) {
  private static final Path TABLE = Path.of("src/test/resources/cases");
  private static final String HOLE = "@@";

  private static final String GROUP =
      """
      job "shop" {
      group "api" {
      @@
      task "web" {
        driver = "docker"
      }
      }
      }
      """;

  private static final String SERVICE =
      GROUP.replace(
          HOLE,
          """
          network {
            mode = "bridge"
            port "http" {
              static = 8080
            }
            port "mapped" {
              static = 18080
              to     = 8080
            }
            port "admin" {
              static = 19100
            }
            port "edge" {
              static = 21000
            }
          }
          service {
          @@
          }
          """);

  private static final String CART =
      SERVICE.replace(HOLE, "name = \"cart\"\nport = \"http\"\n" + HOLE);

  private static final String CONNECT = CART.replace(HOLE, "connect {\n@@\n}");

  private static final String SIDECAR = CONNECT.replace(HOLE, "sidecar_service {\n@@\n}");

  private static final String PROXY = SIDECAR.replace(HOLE, "proxy {\n@@\n}");

  private static final Map<String, String> FRAMES =
      Map.ofEntries(
          Map.entry("job", "job \"shop\" {\n@@\n}\n"),
          Map.entry("group", GROUP),
          Map.entry(
              "network",
              GROUP.replace(
                  HOLE,
                  """
                  network {
                  @@
                  }
                  service {
                    name = "cart"
                    port = "http"
                    connect {
                      sidecar_service {}
                    }
                  }
                  """)),
          Map.entry("bare", SERVICE),
          Map.entry("service", CART),
          Map.entry("check", CART.replace(HOLE, "check {\n@@\n}")),
          Map.entry("connect", CONNECT),
          Map.entry("sidecar", SIDECAR),
          Map.entry("proxy", PROXY),
          Map.entry("expose", PROXY.replace(HOLE, "expose {\npath {\n@@\n}\n}")),
          Map.entry("transparent", PROXY.replace(HOLE, "transparent_proxy {\n@@\n}")),
          Map.entry("upstream", PROXY.replace(HOLE, "upstreams {\n@@\n}")),
          Map.entry("task", CONNECT.replace(HOLE, "sidecar_service {}\nsidecar_task {\n@@\n}")),
          Map.entry("gateway", CONNECT.replace(HOLE, "gateway {\n@@\n}")));

  /** Returns the whole spec. */
  String spec() {
    return frame().replace(HOLE, fragment);
  }

  /** Returns how many lines stand before the fragment. */
  int linesBefore() {
    return (int) frame().substring(0, frame().indexOf(HOLE)).lines().count();
  }

  private String frame() {
    String frame = FRAMES.get(where);
    if (frame == null) {
      throw new IllegalStateException(name + ": there is no frame " + where);
    }
    return frame;
  }

  @Override
  public String toString() {
    return name;
  }

  /** Returns all rows of all families. */
  static List<Case> all() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (var files = Files.list(TABLE)) {
      for (Path file : files.sorted().toList()) {
        String family = file.getFileName().toString().replace(".txt", "");
        String[] rows = ("\n" + Files.readString(file, UTF_8)).split("\n== ", -1);
        for (int i = 1; i < rows.length; i++) {
          cases.add(row(family, rows[i]));
        }
      }
    }
    return cases;
  }

  /** The first line is {@code WHERE[ with SETTING]: what it is about}. */
  private static Case row(String family, String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    String[] head = lines.get(0).split(": ", 2);
    String[] place = head[0].split(" with ", 2);
    List<String> fragment = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      boolean wanted = line.matches("(->|!!|\\?\\?) .*");
      (wanted ? expected : fragment).add(line);
    }
    return new Case(
        family + ": " + head[1],
        place[0],
        place.length > 1 ? place[1] : "",
        String.join("\n", fragment),
        List.copyOf(expected));
  }
}
