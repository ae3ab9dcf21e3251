package dev.connectbridge.drain;

import dev.connectbridge.resolve.ServiceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is to go: the services of one instance of a group, or some of them, and the tasks that run
 * their proxies.
 *
 * @param allocation the allocation's ID
 * @param group the instance, for people: {@code job.group[index]}
 * @param source the file that it came from
 * @param services its services
 * @param tasks the tasks that run their proxies, as far as we run them
 * @param delay the group's time between deregistering and the signal
 */
public record Leaving(
    String allocation,
    String group,
    String source,
    List<Service> services,
    List<Task> tasks,
    Duration delay) {

  public Leaving {
    services = List.copyOf(services);
    tasks = List.copyOf(tasks);
  }

  /** Returns what tells this drain from every other one that is under way. */
  public String key() {
    return !services.isEmpty()
        ? services.get(0).id()
        : tasks.isEmpty() ? allocation : tasks.get(0).id();
  }

  /** Returns the same out of another file. */
  public Leaving from(String file) {
    return new Leaving(allocation, group, file, services, tasks, delay);
  }

  /** Returns every ID that is deregistered, all sidecars before all services. */
  public List<String> ids() {
    List<String> ids = new ArrayList<>();
    services.stream().filter(Service::hasSidecar).map(Service::sidecar).forEach(ids::add);
    services.stream().filter(service -> !service.orphan()).map(Service::id).forEach(ids::add);
    return List.copyOf(new LinkedHashSet<>(ids));
  }

  /** Returns the IDs of its services. */
  public List<String> serviceIds() {
    return services.stream().map(Service::id).toList();
  }

  /** Returns what is in none of the others. */
  public Leaving without(Collection<Leaving> others) {
    Set<String> taken = new HashSet<>();
    for (Leaving other : others) {
      taken.addAll(other.serviceIds());
      other.tasks().forEach(task -> taken.add(task.id()));
    }
    return new Leaving(
        allocation,
        group,
        source,
        services.stream().filter(service -> !taken.contains(service.id())).toList(),
        tasks.stream().filter(task -> !taken.contains(task.id())).toList(),
        delay);
  }

  /** Returns the same without the services that these IDs are of. */
  public Leaving withoutServices(Predicate<String> ids) {
    return new Leaving(
        allocation,
        group,
        source,
        services.stream().filter(service -> !ids.test(service.id())).toList(),
        tasks,
        delay);
  }

  /** Returns whether both have something that is in either of them. */
  public boolean sharesWith(Leaving other) {
    Leaving rest = without(List.of(other));
    return rest.services().size() < services.size() || rest.tasks().size() < tasks.size();
  }

  /** Returns the longest that this may take by the author's word, from the request to SIGKILL. */
  public Duration longest() {
    return tasks.stream()
        .map(task -> delay.plus(task.delay()).plus(task.killTimeout()))
        .max(Duration::compareTo)
        .orElse(delay);
  }

  /** Returns the longest delay between the request and a signal. */
  Duration delays() {
    return delay.plus(
        tasks.stream().map(Task::delay).max(Duration::compareTo).orElse(Duration.ZERO));
  }

  /**
   * A service.
   *
   * @param id its ID
   * @param name its name; Consul's rules about reading and writing go by it
   * @param hasSidecar whether it has a sidecar
   * @param orphan whether the sidecar is all there is
   */
  public record Service(String id, String name, boolean hasSidecar, boolean orphan) {
    /** Returns the ID that Consul gives the sidecar. */
    public String sidecar() {
      return id + ServiceId.SIDECAR_SUFFIX;
    }
  }

  /**
   * A task.
   *
   * @param id its name on this machine
   * @param delay its own time between deregistering and the signal, on top of the group's
   * @param killTimeout how long it may take to end after the signal
   * @param signal the signal; empty leaves it to the driver
   * @param driver who runs it; empty where that is not known
   */
  public record Task(
      String id, Duration delay, Duration killTimeout, String signal, String driver) {}
}
