package dev.connectbridge.config;

import dev.connectbridge.Bridge;
import dev.connectbridge.config.Configuration.Access;
import dev.connectbridge.config.Configuration.Running;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.parse.Key;
import dev.connectbridge.parse.Report;
import dev.connectbridge.parse.Section;
import dev.connectbridge.parse.Shape;
import dev.connectbridge.parse.TreeReader;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Drift;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.spec.Origin;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads the operator's configuration: the command line comes before the environment, that before
 * the file, that before the defaults.
 */
public final class Configurations {
  private static final Configuration DEFAULTS = Configuration.DEFAULTS;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST_HOLD = Duration.ofMinutes(1);

  private static final Shape CONSUL =
      Shape.of(
          "consul",
          Stream.concat(
                  Stream.of(
                      Key.text("address"),
                      Key.text("token"),
                      Key.text("token_file"),
                      Key.textMap("service_token_files"),
                      Key.integer("writes_per_second"),
                      Key.integer("drains_per_second"),
                      Key.text("session_lock").oneOf("auto", "off")),
                  TlsWords.keys().stream())
              .toArray(Key[]::new));
  private static final Shape PORTS = Shape.of("ports", Key.integer("min"), Key.integer("max"));
  private static final Shape SHAPE =
      Shape.of(
          "the configuration",
          Key.text("owner"),
          Key.block(CONSUL),
          Key.texts("specs"),
          Key.text("data_dir"),
          Key.text("run_dir"),
          Key.block(NodeSections.SHAPE),
          Key.block(PORTS),
          Key.duration("resync"),
          Key.text("on_exit").oneOf("deregister", "leave"),
          Key.text("drift").oneOf("revert", "report", "keep-tags"),
          Key.flag("keep_last_instance"),
          Key.flag("any_datacenter"),
          Key.text("group_network").oneOf("host", "own"),
          Key.flag("nomad_compatible_defaults"),
          Key.flag("envoy_stats_tags"),
          Key.text("default_sidecar_task").oneOf("nomad", "builtin", "envoy"),
          Key.text("tasks").oneOf("run", "leave"),
          Key.text("docker"),
          Key.duration("drain_floor"),
          Key.text("unproven").oneOf("signal", "hold"),
          Key.duration("unproven_hold"),
          Key.text("before_deregister").oneOf("none", "critical"));

  private final Arguments said;
  private final Optional<Section> file;
  private final Report report;

  private Configurations(Arguments said, Report report) {
    this.said = said;
    this.report = report;
    this.file = said.file().flatMap(at -> OperatorFile.read(at, TreeReader::yaml, SHAPE, report));
  }

  /** Returns the configuration, with all that is wrong with it; reads no token yet. */
  public static Loaded load(Arguments said, Map<String, String> environment) {
    Report report = new Report();
    Configurations all = new Configurations(said, report);
    Configuration configuration = all.configuration(new Environment(environment, report));
    return new Loaded(configuration, report.problems(), report.warnings());
  }

  private Configuration configuration(Environment environment) {
    Optional<Section> consul = file.flatMap(all -> all.block("consul"));
    Optional<Section> ports = file.flatMap(all -> all.block("ports"));
    int min = port(ports, "min", DEFAULTS.minPort());
    int max = port(ports, "max", DEFAULTS.maxPort());
    if (min > max) {
      ports.ifPresent(at -> blame(at, "max", "less than min, which is " + min));
    }
    return new Configuration(
        owner(),
        environment.agent(text(consul, "address").orElse(DEFAULTS.agent())),
        environment.token(token(consul)),
        specs(),
        said.dataDirectory().or(() -> path(file, "data_dir")).orElse(DEFAULTS.dataDirectory()),
        said.runDirectory().or(() -> path(file, "run_dir")),
        node(),
        min,
        max,
        resync(),
        text(file, "on_exit").map(word -> word.equals("leave")).orElse(DEFAULTS.leaveOnExit()),
        choices(),
        text(file, "drift").map(Configurations::drift).orElse(DEFAULTS.drift()),
        flag("keep_last_instance"),
        running(environment),
        access(consul, environment));
  }

  private Access access(Optional<Section> consul, Environment environment) {
    return new Access(
        environment.tls(TlsWords.in(consul)).tls(report),
        tokenFiles(consul),
        pace(consul, "writes_per_second", Access.DEFAULT.writesPerSecond()),
        pace(consul, "drains_per_second", Access.DEFAULT.drainsPerSecond()),
        text(consul, "session_lock").map(word -> word.equals("auto")).orElse(true));
  }

  private SortedMap<String, Path> tokenFiles(Optional<Section> consul) {
    SortedMap<String, Path> files = new TreeMap<>();
    consul.ifPresent(
        at ->
            at.textMap("service_token_files")
                .forEach(
                    (service, text) ->
                        path(at, "service_token_files", text)
                            .ifPresent(file -> files.put(service, file))));
    return files;
  }

  private int pace(Optional<Section> consul, String key, int otherwise) {
    int pace = consul.map(at -> at.integer(key).orElse(otherwise)).orElse(otherwise);
    if (pace < 1) {
      blame(consul.orElseThrow(), key, "expected at least 1, found " + pace);
    }
    return Math.max(1, pace);
  }

  private Choices choices() {
    return new Choices(
            said.anyDatacenter() || flag("any_datacenter"),
            said.nomadCompatibleDefaults() || flag("nomad_compatible_defaults"),
            flag("envoy_stats_tags"),
            text(file, "group_network").map(word -> word.equals("own")).orElse(false),
            text(file, "default_sidecar_task").map(Configurations::task).orElse(SidecarTask.NOMAD),
            false)
        .knowing(Bridge.driversFound());
  }

  private Running running(Environment environment) {
    DrainPolicy otherwise = DrainPolicy.DEFAULT;
    Optional<Duration> hold =
        text(file, "unproven").filter(word -> word.equals("hold")).map(word -> hold());
    return new Running(
        text(file, "tasks").map(word -> word.equals("run")).orElse(DEFAULTS.running().tasks()),
        environment.docker().or(() -> text(file, "docker")).orElse(DEFAULTS.running().docker()),
        new DrainPolicy(
            file.flatMap(all -> all.duration("drain_floor")).orElse(otherwise.floor()),
            hold,
            text(file, "before_deregister").map(word -> word.equals("critical")).orElse(false)));
  }

  /** A hold without an end would keep a proxy for as long as an agent is away. */
  private Duration hold() {
    return file.flatMap(all -> all.duration("unproven_hold")).orElse(LONGEST_HOLD);
  }

  private static Drift drift(String word) {
    return Drift.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static SidecarTask task(String word) {
    return SidecarTask.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private boolean flag(String key) {
    return file.map(all -> all.flag(key)).orElse(false);
  }

  private String owner() {
    Optional<String> written = text(file, "owner");
    written
        .filter(owner -> !Configuration.isOwner(owner))
        .ifPresent(
            owner ->
                blame(
                    file.orElseThrow(),
                    "owner",
                    "expected 1 to 64 letters, digits, dots, dashes and underscores"));
    return said.owner().or(() -> written).orElse(DEFAULTS.owner());
  }

  private Token token(Optional<Section> consul) {
    Optional<String> written = text(consul, "token");
    Optional<Path> inAFile = path(consul, "token_file");
    if (written.isPresent() && inAFile.isPresent()) {
      blame(consul.orElseThrow(), "token", "there is a token_file as well: leave one of them out");
    }
    return inAFile
        .map(at -> Token.in(at, consul.orElseThrow().origin(), "token_file", Optional.empty()))
        .or(() -> written.map(text -> Token.writtenIn(said.file().orElseThrow(), text)))
        .orElse(DEFAULTS.token());
  }

  private List<Path> specs() {
    if (!said.specs().isEmpty()) {
      return said.specs();
    }
    Optional<Section> written = file.filter(all -> all.has("specs"));
    if (written.isEmpty()) {
      return DEFAULTS.specs();
    }
    List<String> texts = written.get().texts("specs");
    if (texts.isEmpty()) {
      blame(written.get(), "specs", "expected at least one directory or file");
    }
    return texts.stream().flatMap(text -> path(written.get(), "specs", text).stream()).toList();
  }

  private Node node() {
    if (said.node().isPresent()) {
      return NodeSections.in(said.node().get(), report);
    }
    return file.flatMap(all -> all.block("node")).map(NodeSections::of).orElse(DEFAULTS.node());
  }

  private Duration resync() {
    Optional<Duration> resync = file.flatMap(all -> all.duration("resync"));
    if (resync.isPresent() && resync.get().compareTo(SHORTEST) < 0) {
      blame(file.orElseThrow(), "resync", "expected at least 1s");
    }
    return resync.orElse(DEFAULTS.resync());
  }

  private int port(Optional<Section> ports, String key, int otherwise) {
    int port = ports.map(at -> at.integer(key).orElse(otherwise)).orElse(otherwise);
    if (port < 1 || port > 65535) {
      ports.ifPresent(at -> blame(at, key, "expected a port from 1 to 65535, found " + port));
    }
    return port;
  }

  private Optional<Path> path(Optional<Section> section, String key) {
    return text(section, key).flatMap(text -> path(section.orElseThrow(), key, text));
  }

  private Optional<Path> path(Section section, String key, String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      blame(section, key, "no path of a file or directory");
      return Optional.empty();
    }
  }

  private static Optional<String> text(Optional<Section> section, String key) {
    return section.map(at -> at.text(key)).filter(text -> !text.isEmpty());
  }

  private void blame(Section section, String key, String message) {
    Origin origin = section.origin();
    report.problem(origin.problem(key, message));
  }
}
