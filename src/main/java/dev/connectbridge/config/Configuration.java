package dev.connectbridge.config;

import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.http.Tls;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Drift;
import dev.connectbridge.spec.Origin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What the operator decided, whatever it was said by.
 *
 * @param owner whose registrations they are
 * @param agent where the agent is: host:port, http(s)://host:port or unix:///path
 * @param token the token that the agent is asked with
 * @param specs the directories and files with specs
 * @param dataDirectory where the daemon keeps the ports that were given out
 * @param runDirectory where the daemon holds its lock; empty leaves it to the system
 * @param node what is said about this machine
 * @param minPort the first dynamic port
 * @param maxPort the last one
 * @param resync the longest time between two passes
 * @param leaveOnExit whether the registrations stay when the daemon ends
 * @param choices what is decided about the meaning of specs
 * @param drift what is done about what others change
 * @param keepLastInstance whether the last passing instance of a service is kept
 * @param running what is decided about tasks and drains
 * @param access what else is decided about asking the agent
 */
public record Configuration(
    String owner,
    String agent,
    Token token,
    List<Path> specs,
    Path dataDirectory,
    Optional<Path> runDirectory,
    Node node,
    int minPort,
    int maxPort,
    Duration resync,
    boolean leaveOnExit,
    Choices choices,
    Drift drift,
    boolean keepLastInstance,
    Running running,
    Access access) {

  private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** What holds where nothing is said. */
  public static final Configuration DEFAULTS =
      new Configuration(
          "default",
          "127.0.0.1:8500",
          Token.NONE,
          List.of(Path.of("/etc/connect-bridge/specs")),
          Path.of("/var/lib/connect-bridge"),
          Optional.empty(),
          Node.UNKNOWN,
          Situation.DEFAULT_MIN_PORT,
          Situation.DEFAULT_MAX_PORT,
          Duration.ofSeconds(30),
          false,
          Choices.NONE,
          Drift.REVERT,
          false,
          Running.DEFAULT,
          Access.DEFAULT);

  public Configuration {
    specs = List.copyOf(specs);
  }

  /**
   * What is decided about tasks and drains: a value.
   *
   * @param tasks whether the daemon runs the tasks of proxies; else somebody else does
   * @param docker where the Docker engine is: unix:///path or tcp://host:port
   * @param drains what is decided about drains
   */
  public record Running(boolean tasks, String docker, DrainPolicy drains) {
    /** All tasks are run, with the engine where Docker has it. */
    public static final Running DEFAULT =
        new Running(true, "unix:///var/run/docker.sock", DrainPolicy.DEFAULT);
  }

  /**
   * What is decided about asking the agent: a value.
   *
   * @param tls the files and names for https
   * @param tokenFiles the files of tokens that single services are registered with, by their names
   * @param writesPerSecond how many registrations and reports the daemon gives it at most
   * @param drainsPerSecond how many deregistrations, and what goes before them
   * @param sessionLock whether the daemon takes a lock in Consul where the token allows it
   */
  public record Access(
      Tls tls,
      SortedMap<String, Path> tokenFiles,
      int writesPerSecond,
      int drainsPerSecond,
      boolean sessionLock) {
    /** More than one agent takes, so that only a storm is held up. */
    public static final Access DEFAULT = new Access(Tls.DEFAULT, new TreeMap<>(), 1000, 1000, true);

    public Access {
      tokenFiles = Collections.unmodifiableSortedMap(new TreeMap<>(tokenFiles));
    }

    /**
     * Returns what each service is registered with; empty is the bridge's own token. It throws an
     * UncheckedIOException for a service whose file has never held one that could be read.
     */
    public Function<String, Optional<String>> serviceTokens() {
      SortedMap<String, Token> tokens = new TreeMap<>();
      tokenFiles.forEach(
          (service, file) ->
              tokens.put(
                  service, Token.in(file, Origin.NONE, "service_token_files", Optional.empty())));
      return service -> Optional.ofNullable(tokens.get(service)).map(Token::demanded);
    }
  }

  /** Returns whether a text can be an owner: it becomes part of file names and of marks. */
  public static boolean isOwner(String text) {
    return OWNER.matcher(text).matches();
  }
}
