package dev.connectbridge.spec;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

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

  /** Returns the same task run by another driver, which is told something else. */
  public TaskSpec withDriver(String changed, Map<String, Value> told) {
    return new TaskSpec(
        name,
        kind,
        changed,
        user,
        told,
        env,
        resources,
        meta,
        logs,
        killTimeout,
        shutdownDelay,
        killSignal,
        origin);
  }

  /** Returns this task with every text that may be filled in replaced; its name and keys stay. */
  public TaskSpec mapTexts(UnaryOperator<String> change) {
    Map<String, Value> told = new LinkedHashMap<>();
    config.forEach((key, value) -> told.put(key, value.mapTexts(change)));
    return new TaskSpec(
        name,
        kind,
        change.apply(driver),
        change.apply(user),
        told,
        changed(env, change),
        resources,
        changed(meta, change),
        logs,
        killTimeout,
        shutdownDelay,
        change.apply(killSignal),
        origin);
  }

  private static Map<String, String> changed(
      Map<String, String> texts, UnaryOperator<String> change) {
    Map<String, String> changed = new LinkedHashMap<>(texts);
    changed.replaceAll((key, text) -> change.apply(text));
    return changed;
  }

  /** Says neither environment nor configuration: secrets may be in them. */
  @Override
  public String toString() {
    return "task " + name + " (" + driver + ")";
  }

  /**
   * What a task may use; absent where it was not said.
   *
   * @param cpuMhz processor share, MHz
   * @param cores whole processors in place of a share
   * @param memoryMb memory, megabytes
   * @param memoryMaxMb memory it may have for a while, megabytes
   */
  public record Resources(
      OptionalInt cpuMhz, OptionalInt cores, OptionalInt memoryMb, OptionalInt memoryMaxMb) {
    /** Nothing was said. */
    public static final Resources UNSAID =
        new Resources(
            OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** Returns a share of a processor, MHz, and memory, megabytes. */
    public static Resources of(int cpuMhz, int memoryMb) {
      return new Resources(
          OptionalInt.of(cpuMhz),
          OptionalInt.empty(),
          OptionalInt.of(memoryMb),
          OptionalInt.empty());
    }
  }

  /**
   * How a task's output is rotated; absent where it was not said.
   *
   * @param maxFiles how many files are kept of each stream
   * @param maxFileSizeMb how large a file may grow, megabytes
   * @param disabled whether nothing is kept
   */
  public record Logs(OptionalInt maxFiles, OptionalInt maxFileSizeMb, boolean disabled) {
    /** Nothing was said. */
    public static final Logs UNSAID = new Logs(OptionalInt.empty(), OptionalInt.empty(), false);

    /** Returns a rotation over a number of files of a size. */
    public static Logs of(int maxFiles, int maxFileSizeMb) {
      return new Logs(OptionalInt.of(maxFiles), OptionalInt.of(maxFileSizeMb), false);
    }
  }
}
