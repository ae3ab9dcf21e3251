package dev.connectbridge.docker;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.sidecar.TaskDriver.Ran;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Response;
import okio.Buffer;

/** A command that runs in a container beside its task. */
final class Execution {
  private static final long MOST_OUTPUT = 4096;
  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final int GLANCES = 100;

  private final Engine engine;
  private final String container;

  Execution(Engine engine, String container) {
    this.engine = engine;
    this.container = container;
  }

  Ran run(List<String> command, Duration limit) throws TaskException {
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    wanted.put("AttachStdout", true).put("AttachStderr", true);
    Draft.list(wanted, "Cmd", command);
    String id =
        engine.post(engine.url("containers", container, "exec"), wanted).json().path("Id").asText();
    Buffer output = new Buffer();
    boolean inTime = read(id, limit, output);
    if (!inTime) {
      end(id);
    }
    return new Ran(inTime ? exitCode(id) : -1, text(output));
  }

  /** Returns whether the command has ended within the limit. */
  private boolean read(String id, Duration limit, Buffer output) throws TaskException {
    ObjectNode attached = JsonNodeFactory.instance.objectNode();
    attached.put("Detach", false).put("Tty", false);
    Call call = engine.listen(engine.url("exec", id, "start"), attached);
    call.timeout().timeout(Math.max(1, limit.toMillis()), MILLISECONDS);
    try (Response response = call.execute()) {
      if (!response.isSuccessful()) {
        throw Engine.reply(response).refusal();
      }
      new Frames(response.body().source())
          .forEach(
              (isError, bytes) -> {
                long room = Math.max(0, MOST_OUTPUT - output.size());
                output.write(bytes, 0, (int) Math.min(room, bytes.size()));
              });
      return true;
    } catch (InterruptedIOException e) {
      return false;
    } catch (IOException e) {
      throw engine.unanswered(call.request(), e);
    }
  }

  /** The output may end a moment before the engine knows how the command ended. */
  private int exitCode(String id) throws TaskException {
    for (int i = 0; i < GLANCES; i++) {
      JsonNode state = inspect(id);
      if (!state.path("Running").asBoolean()) {
        return state.path("ExitCode").asInt(-1);
      }
      CompletableFuture.runAsync(
              () -> {}, CompletableFuture.delayedExecutor(GLANCE.toMillis(), MILLISECONDS))
          .join();
    }
    end(id);
    return -1;
  }

  private JsonNode inspect(String id) throws TaskException {
    return engine.get(engine.url("exec", id, "json")).json();
  }

  /**
   * No engine can end what it has started so. Where its processes are processes of this machine
   * that we may signal, as with every engine on the same machine that runs as root, we do it.
   */
  private void end(String id) throws TaskException {
    long pid = inspect(id).path("Pid").asLong();
    if (pid > 1 && isOfTheContainer(pid)) {
      ProcessHandle.of(pid)
          .ifPresent(
              process -> {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
              });
    }
  }

  /** A number may mean another process here than where the engine runs. */
  private boolean isOfTheContainer(long pid) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(pid), "cgroup")).contains(container);
    } catch (IOException e) {
      return false;
    }
  }

  private static String text(Buffer output) {
    return output.readString(StandardCharsets.UTF_8);
  }

  /** Returns what is said of a task in which nothing can be run. */
  static TaskException notRunning(String task) {
    return new TaskException(Kind.FAILED, "the container of " + task + " does not run", null);
  }
}
