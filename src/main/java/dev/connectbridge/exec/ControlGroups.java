package dev.connectbridge.exec;

import dev.connectbridge.spec.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The kernel's control groups, version 1 or 2, where this machine lets us write them. They stand at
 * the top, so that a service manager that ends us by our group does not end the tasks.
 */
final class ControlGroups {
  private static final String MEMORY = "memory";
  private static final String CPU = "cpu";

  /** What limits are set by. */
  static final Set<String> CONTROLLERS = Set.of(MEMORY, CPU);

  private static final String OURS = "connect-bridge";
  private static final long BYTES_PER_MB = 1024L * 1024L;
  private static final int SHARES_PER_CORE = 1000;
  private static final int LEAST_SHARES = 2;
  private static final int MOST_SHARES = 262_144;

  private static final int ATTEMPTS = 100;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  private final Hierarchies mounted;

  ControlGroups(Hierarchies mounted) {
    this.mounted = mounted;
  }

  /** Returns the processor share that is asked for; a MHz is a share. */
  static OptionalInt shares(TaskSpec.Resources resources) {
    OptionalInt asked =
        resources.cores().isPresent()
            ? OptionalInt.of(resources.cores().getAsInt() * SHARES_PER_CORE)
            : resources.cpuMhz();
    return asked.isEmpty()
        ? asked
        : OptionalInt.of(Math.min(MOST_SHARES, Math.max(LEAST_SHARES, asked.getAsInt())));
  }

  /** Returns the memory that is asked for at most, megabytes. */
  static OptionalInt memory(TaskSpec.Resources resources) {
    return resources.memoryMaxMb().isPresent() ? resources.memoryMaxMb() : resources.memoryMb();
  }

  /** Returns why limits cannot be set here; empty when they can, or none are asked for. */
  Optional<String> unable(TaskSpec.Resources resources) {
    List<String> missing = new ArrayList<>();
    if (memory(resources).isPresent() && !has(MEMORY)) {
      missing.add(MEMORY);
    }
    if (shares(resources).isPresent() && !has(CPU)) {
      missing.add(CPU);
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "no limit of "
                + String.join(" and ", missing)
                + ": no control groups for that are mounted here that can be written");
  }

  private boolean has(String controller) {
    Optional<Path> own = Optional.ofNullable(mounted.own().get(controller));
    return own.isPresent()
        ? Files.isWritable(own.get().resolve("cgroup.procs"))
        : mounted.unified().filter(root -> unifiedHas(root, controller)).isPresent();
  }

  /** What is on at the top may still not be had below it: where processes are in the way. */
  private static boolean unifiedHas(Path root, String controller) {
    Path ours = root.resolve(OURS).resolve("cgroup.controllers");
    String controllers = read(Files.exists(ours) ? ours : root.resolve("cgroup.controllers"));
    return Files.isWritable(root.resolve("cgroup.subtree_control"))
        && List.of(controllers.strip().split("\\s+", -1)).contains(controller);
  }

  /** Makes the groups of a task and returns them; those that cannot be made are left out. */
  List<Path> make(String task, TaskSpec.Resources resources) {
    List<Path> made = new ArrayList<>();
    OptionalInt memory = memory(resources);
    OptionalInt shares = shares(resources);
    memory.ifPresent(
        mb ->
            own(MEMORY, task)
                .ifPresent(group -> limitMemory(added(group, made), mb * BYTES_PER_MB)));
    shares.ifPresent(
        share -> own(CPU, task).ifPresent(group -> set(added(group, made), "cpu.shares", share)));
    if ((memory.isPresent() && !mounted.own().containsKey(MEMORY))
        || (shares.isPresent() && !mounted.own().containsKey(CPU))) {
      unified(task).ifPresent(group -> limit(added(group, made), memory, shares));
    }
    return made;
  }

  private static Path added(Path group, List<Path> made) {
    made.add(group);
    return group;
  }

  private Optional<Path> own(String controller, String task) {
    return Optional.ofNullable(mounted.own().get(controller))
        .filter(root -> has(controller))
        .flatMap(root -> created(root.resolve(OURS).resolve(task)));
  }

  /** What is not on at the top cannot be had below it. */
  private Optional<Path> unified(String task) {
    Optional<Path> ours = mounted.unified().flatMap(root -> created(root.resolve(OURS)));
    for (String controller : List.of("+cpu", "+memory")) {
      mounted.unified().ifPresent(root -> set(root, "cgroup.subtree_control", controller));
      ours.ifPresent(group -> set(group, "cgroup.subtree_control", controller));
    }
    return ours.flatMap(group -> created(group.resolve(task)));
  }

  private static Optional<Path> created(Path group) {
    try {
      return Optional.of(Files.createDirectories(group));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void limit(Path group, OptionalInt memory, OptionalInt shares) {
    memory.ifPresent(mb -> set(group, "memory.max", mb * BYTES_PER_MB));
    memory.ifPresent(mb -> set(group, "memory.swap.max", 0));
    shares.ifPresent(share -> set(group, "cpu.weight", weight(share)));
  }

  /** The sum of memory and swap may not be below the memory, in whichever order they change. */
  private static void limitMemory(Path group, long bytes) {
    set(group, "memory.limit_in_bytes", bytes);
    set(group, "memory.memsw.limit_in_bytes", bytes);
    set(group, "memory.limit_in_bytes", bytes);
  }

  /** The weight of version 2 that stands for a share of version 1. */
  static long weight(int shares) {
    return 1 + (shares - 2L) * 9999 / (MOST_SHARES - 2);
  }

  private static void set(Path group, String file, Object value) {
    try {
      Files.writeString(group.resolve(file), value.toString(), StandardOpenOption.WRITE);
    } catch (IOException e) {
      // the operator has been told that limits do not hold here, or this kernel has no such file
    }
  }

  /** Returns the processes in groups. */
  static Set<Long> members(List<Path> groups) {
    Set<Long> members = new HashSet<>();
    for (Path group : groups) {
      read(group.resolve("cgroup.procs")).lines().map(Long::valueOf).forEach(members::add);
    }
    return members;
  }

  /** Returns whether the kernel ended a process of theirs for want of memory. */
  static boolean ranOutOfMemory(List<Path> groups) {
    return groups.stream()
        .flatMap(
            group ->
                (read(group.resolve("memory.oom_control")) + read(group.resolve("memory.events")))
                    .lines())
        .anyMatch(line -> line.matches("oom_kill [1-9][0-9]*"));
  }

  /** Removes groups; one whose processes have just been ended is busy for a moment. */
  static void remove(List<Path> groups) throws IOException {
    for (Path group : groups) {
      for (int attempt = 1; !removed(group, attempt == ATTEMPTS); attempt++) {
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  private static boolean removed(Path group, boolean last) throws IOException {
    try {
      Files.deleteIfExists(group);
      return true;
    } catch (IOException e) {
      if (last) {
        throw e;
      }
      return false;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
