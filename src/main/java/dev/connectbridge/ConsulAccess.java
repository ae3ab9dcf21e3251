package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.exec.PrivateOutput;
import dev.connectbridge.launch.Bootstrap;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.launch.Launch.Place;
import dev.connectbridge.sidecar.TaskDirs;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.supervise.AgentAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How the consul command finds our agent: by its variables, the token by a file of the task's. */
final class ConsulAccess implements AgentAccess {
  private static final String TOKEN = "consul_token";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final String address;
  private final Supplier<Optional<String>> token;

  private final String command;

  /** {@code command} is the consul command, a path or a name along our PATH. */
  ConsulAccess(String address, Supplier<Optional<String>> token, String command) {
    this.address = address;
    this.token = token;
    this.command = command;
  }

  @Override
  public SortedMap<String, String> variables(Path here, Path inside) throws IOException {
    SortedMap<String, String> variables = new TreeMap<>();
    variables.put("CONSUL_HTTP_ADDR", address);
    Optional<String> secret = token.get().filter(text -> !text.isBlank());
    Files.deleteIfExists(here.resolve(TOKEN));
    if (secret.isPresent()) {
      try (FileChannel file =
          FileChannel.open(
              here.resolve(TOKEN),
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        file.write(ByteBuffer.wrap(secret.get().getBytes(UTF_8)));
      }
      variables.put("CONSUL_HTTP_TOKEN_FILE", inside.resolve(TOKEN).toString());
    }
    return variables;
  }

  /**
   * Has the consul command print the file; whoever is the task's user, by numbers or as a process
   * of this machine, may read it. In a container any other user is the image's affair: it must be
   * root then.
   */
  @Override
  public void bootstrap(Launch launch, Place place, TaskDirs dirs)
      throws TaskException, IOException {
    PrivateOutput file = new PrivateOutput(dirs.secrets().resolve(Bootstrap.FILE));
    Bootstrap bootstrap = launch.bootstrap().orElseThrow();
    try {
      file.of(
          bootstrap.command(command, Optional.empty()),
          variables(dirs.secrets(), dirs.secrets()),
          LIMIT);
    } catch (TaskException e) {
      throw new TaskException(
          e.kind(), "Envoy's bootstrap: " + hidden(e.getMessage()), e.getCause());
    }
    file.giveTo(launch.task().user());
  }

  private String hidden(String message) {
    Optional<String> secret = token.get().filter(text -> !text.isBlank());
    return secret.map(text -> message.replace(text.strip(), "(hidden)")).orElse(message);
  }
}
