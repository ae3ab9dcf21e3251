package dev.connectbridge.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.sidecar.TaskDirs;
import dev.connectbridge.sidecar.TaskDriver;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskLogs;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.HttpUrl;

/**
 * Runs tasks as containers of an engine that speaks Docker's API; Podman does. It touches no
 * container but those that bear the label of an owner whom it was asked about by {@link #observe}
 * or {@link #start}.
 *
 * <p>A container shares this machine's network unless its {@code config} names another one. Its
 * main process is what a signal reaches.
 */
public final class DockerDriver implements TaskDriver {
  private static final Duration LAST_OUTPUT = Duration.ofSeconds(5);

  private final Engine engine;
  private final Images images;
  private final Streams streams = new Streams();
  private final Set<String> owners = ConcurrentHashMap.newKeySet();
  private final Map<String, LogFollower> followers = new ConcurrentHashMap<>();

  private DockerDriver(Engine engine) {
    this.engine = engine;
    this.images = new Images(engine);
  }

  /**
   * Returns a driver for the engine at an address as DOCKER_HOST writes it: {@code unix:///path} or
   * {@code tcp://host:port}. Nothing is asked yet; an address of another form is an
   * IllegalArgumentException.
   */
  public static DockerDriver at(String address) {
    return new DockerDriver(new Engine(address));
  }

  @Override
  public List<String> names() {
    return List.of("docker", "podman");
  }

  @Override
  public List<String> refusals(TaskOrder order) {
    return Creation.of(order).problems();
  }

  /** Asks the engine what it cannot limit; nothing is said of one that does not answer. */
  @Override
  public Set<String> warnings(TaskOrder order) {
    Set<String> warnings = new LinkedHashSet<>();
    if (order.task().resources().cores().isPresent()) {
      warnings.add("the docker driver gives no whole cores, but a share of as many");
    }
    try {
      JsonNode engineInfo = engine.get(engine.url("info")).json();
      if (order.task().resources().memoryMb().isPresent()
          && !engineInfo.path("MemoryLimit").asBoolean(true)) {
        warnings.add("the engine's machine limits no memory");
      }
      if (!engineInfo.path("CPUShares").asBoolean(true)) {
        warnings.add("the engine's machine gives no shares of its processors");
      }
    } catch (TaskException e) {
      return warnings;
    }
    return warnings;
  }

  /** The logs are not mounted: the bridge writes them. */
  @Override
  public TaskDirs seenBy(TaskDirs onThisMachine) {
    return Creation.INSIDE;
  }

  @Override
  public List<TaskState> observe(String owner) throws TaskException {
    owners.add(owner);
    HttpUrl.Builder url =
        engine
            .url("containers", "json")
            .addQueryParameter("all", "1")
            .addQueryParameter("filters", Engine.filter("label", Labels.OWNER + "=" + owner));
    List<TaskState> states = new ArrayList<>();
    for (JsonNode each : engine.get(url).json()) {
      Optional<Container> found = observed(each);
      found.ifPresent(this::follow);
      found.flatMap(Container::state).ifPresent(states::add);
    }
    return states;
  }

  /** The list does not say how a container ended. */
  private Optional<Container> observed(JsonNode listed) throws TaskException {
    String id = listed.path("Id").asText();
    if (listed.path("State").asText().equals("running")) {
      Map<String, String> labels = Container.labels(listed.path("Labels"));
      return Optional.of(new Container(id, labels, Optional.empty(), ""));
    }
    return inspect(id);
  }

  private Optional<Container> inspect(String nameOrId) throws TaskException {
    Reply reply = engine.get(engine.url("containers", nameOrId, "json"));
    return reply.isMissing() ? Optional.empty() : Optional.of(Container.of(reply.json()));
  }

  /** Returns the container of a task, if it is there and ours. */
  private Optional<Container> find(TaskId id) throws TaskException {
    return inspect(Creation.name(id))
        .filter(container -> container.is(id) && owners.contains(container.owner()));
  }

  @Override
  public TaskState start(TaskOrder order) throws TaskException {
    owners.add(order.owner());
    Creation creation = Creation.of(order);
    if (!creation.problems().isEmpty()) {
      throw new TaskException(Kind.REFUSED, String.join("; ", creation.problems()), null);
    }
    Optional<Container> before = inspect(creation.name());
    if (before.isPresent()) {
      checkOwner(order, before.get());
      if (before.get().isRunning()) {
        follow(before.get());
        return before.get().stateOf(order.id());
      }
      remove(before.get());
    }
    images.provide(creation.image(), Config.isForcedPull(order.task().config()));
    return started(order, creation);
  }

  private static void checkOwner(TaskOrder order, Container there) throws TaskException {
    if (!there.is(order.id()) || !there.owner().equals(order.owner())) {
      throw new TaskException(
          Kind.REFUSED,
          "there is a container of somebody else's called " + Creation.name(order.id()),
          null);
    }
  }

  private TaskState started(TaskOrder order, Creation creation) throws TaskException {
    Secrets secrets = Secrets.of(order);
    HttpUrl.Builder create =
        engine.url("containers", "create").addQueryParameter("name", creation.name());
    String id = secrets.hide(engine.post(create, creation.body())).json().path("Id").asText();
    Reply reply = secrets.hide(engine.post(engine.url("containers", id, "start")));
    if (!reply.isOk() && reply.status() != 304) {
      engine.delete(engine.url("containers", id).addQueryParameter("v", "1"));
      throw reply.refusal();
    }
    Container container =
        inspect(id)
            .orElseThrow(() -> new TaskException(Kind.FAILED, order + " went as it started", null));
    follow(container);
    return container.stateOf(order.id());
  }

  private void follow(Container container) {
    Optional<TaskLogs> logs = Labels.logs(container.labels());
    if (logs.isPresent() && owners.contains(container.owner())) {
      followers.computeIfAbsent(container.id(), id -> follower(id, logs.get()));
    }
  }

  private LogFollower follower(String container, TaskLogs logs) {
    LogFollower follower = new LogFollower(engine, streams, container, logs);
    follower.start();
    return follower;
  }

  /** Returns whether all that an ended container wrote is in its files. */
  boolean isRead(String container) {
    return Optional.ofNullable(followers.get(container)).map(LogFollower::isOver).orElse(true);
  }

  @Override
  public void signal(TaskId id, String signal) throws TaskException {
    Optional<Container> container = find(id);
    if (container.isPresent()) {
      String own = container.get().stopSignal();
      send(container.get(), signal.isEmpty() ? (own.isEmpty() ? "SIGTERM" : own) : signal);
    }
  }

  @Override
  public void kill(TaskId id) throws TaskException {
    Optional<Container> container = find(id);
    if (container.isPresent()) {
      send(container.get(), "SIGKILL");
    }
  }

  private void send(Container container, String signal) throws TaskException {
    Reply reply =
        engine.post(
            engine.url("containers", container.id(), "kill").addQueryParameter("signal", signal));
    if (!reply.isMissing() && !reply.saysNotRunning()) {
      reply.done();
    }
  }

  @Override
  public void forget(TaskId id) throws TaskException {
    Optional<Container> container = find(id);
    if (container.isPresent()) {
      remove(container.get());
    }
  }

  private void remove(Container container) throws TaskException {
    follow(container);
    Optional.ofNullable(followers.remove(container.id()))
        .ifPresent(follower -> follower.finish(LAST_OUTPUT));
    Reply reply =
        engine.delete(engine.url("containers", container.id()).addQueryParameter("v", "1"));
    if (!reply.isMissing()) {
      reply.done();
    }
  }

  @Override
  public Ran run(TaskId id, List<String> command, Duration limit) throws TaskException {
    Container container =
        find(id).filter(Container::isRunning).orElseThrow(() -> Execution.notRunning(id.value()));
    return new Execution(engine, container.id()).run(command, limit);
  }

  @Override
  public void onExit(Runnable ended) {
    new Exits(engine, streams, ended).start();
  }

  @Override
  public void close() {
    streams.shutDown();
    engine.close();
    streams.awaitEnd();
  }
}
