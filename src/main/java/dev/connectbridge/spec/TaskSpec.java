package dev.connectbridge.spec;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A task: one of the group's own, of which only a few words matter here, or the one that runs a
 * proxy.
 *
 * @param name its name
 * @param kind {@code connect-proxy:SERVICE} for the task that runs that service's proxy; empty for
 *     the group's own tasks
 * @param driver the driver that runs it
 * @param user the user that it runs as; empty leaves it to the driver
 * @param config what the driver is told
 * @param env its environment
 * @param resources its resources
 * @param meta its meta
 * @param logs its log rotation
 * @param killTimeout how long it may take to end after the signal
 * @param shutdownDelay the time between deregistering and signalling it
 * @param killSignal the signal; empty leaves it to the driver
 * @param origin where it stands
 */
public record TaskSpec(
    String name,
    String kind,
    String driver,
    String user,
    Map<String, Value> config,
    Map<String, String> env,
    Resources resources,
    Map<String, String> meta,
    Logs logs,
    Duration killTimeout,
    Duration shutdownDelay,
    String killSignal,
    Origin origin) {

  public TaskSpec {
    config = Ordered.copy(config);
    env = Ordered.copy(env);
    meta = Ordered.copy(meta);
  }

  /**
   * What a task may use; absent where it was not said.
   *
   * @param cpuMhz processor share, MHz
   * @param memoryMb memory, megabytes
   */
  public record Resources(OptionalInt cpuMhz, OptionalInt memoryMb) {
    /** Nothing was said. */
    public static final Resources UNSAID = new Resources(OptionalInt.empty(), OptionalInt.empty());
  }

  /**
   * How a task's output is rotated; absent where it was not said.
   *
   * @param maxFiles how many files are kept of each stream
   * @param maxFileSizeMb how large a file may grow, megabytes
   */
  public record Logs(OptionalInt maxFiles, OptionalInt maxFileSizeMb) {
    /** Nothing was said. */
    public static final Logs UNSAID = new Logs(OptionalInt.empty(), OptionalInt.empty());
  }
}
