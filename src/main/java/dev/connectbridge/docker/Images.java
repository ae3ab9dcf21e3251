package dev.connectbridge.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.Response;
import okio.BufferedSource;

/** The images that the engine has, and those that it gets. */
final class Images {
  private final Engine engine;

  Images(Engine engine) {
    this.engine = engine;
  }

  /** Makes sure that an image is there. */
  void provide(String name, boolean forced) throws TaskException {
    if (forced || !isPresent(name)) {
      pull(name);
    }
  }

  private boolean isPresent(String name) throws TaskException {
    Reply reply = engine.get(engine.url("images").addPathSegments(name).addPathSegment("json"));
    if (reply.isMissing()) {
      return false;
    }
    reply.done();
    return true;
  }

  private void pull(String name) throws TaskException {
    Call call =
        engine.pull(
            engine
                .url("images", "create")
                .addQueryParameter("fromImage", ImageName.repository(name))
                .addQueryParameter("tag", ImageName.version(name)));
    try (Response response = call.execute()) {
      if (!response.isSuccessful()) {
        throw failed(name, Engine.reply(response).said());
      }
      readToTheEnd(name, response.body().source());
    } catch (IOException e) {
      throw engine.unanswered(call.request(), e);
    }
  }

  /** The engine says 200 first, and in a line of what follows that it did not work. */
  private static void readToTheEnd(String name, BufferedSource lines)
      throws IOException, TaskException {
    String line = lines.readUtf8Line();
    while (line != null) {
      String error = error(line);
      if (!error.isEmpty()) {
        throw failed(name, error);
      }
      line = lines.readUtf8Line();
    }
  }

  private static String error(String line) {
    try {
      JsonNode progress = Reply.parse(line);
      return progress.path("error").asText(progress.at("/errorDetail/message").asText());
    } catch (JsonProcessingException e) {
      return "what the engine told of it is no JSON";
    }
  }

  private static TaskException failed(String name, String said) {
    String why = Reply.oneLine(said);
    String lower = why.toLowerCase(Locale.ROOT);
    boolean nowhere =
        Stream.of("not found", "manifest unknown", "does not exist", "access denied", "invalid ref")
            .anyMatch(lower::contains);
    return new TaskException(
        nowhere ? Kind.REFUSED : Kind.FAILED,
        "the image " + name + " cannot be pulled: " + why,
        null);
  }
}
