package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.exec.PrivateOutput;
import dev.connectbridge.http.Tls;
import dev.connectbridge.launch.Bootstrap;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.launch.Launch.Place;
import dev.connectbridge.sidecar.TaskDirs;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.supervise.AgentAccess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * How the consul command finds our agent: by its variables. The token and the files for TLS are
 * files of the task's, since it may not see ours.
 */
final class ConsulAccess implements AgentAccess {
  private static final String TOKEN = "consul_token";
  private static final String AUTHORITIES = "consul_ca.pem";
  private static final String CERTIFICATE = "consul_cert.pem";
  private static final String KEY = "consul_key.pem";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final String address;
  private final Supplier<Optional<String>> token;
  private final Tls tls;
  private final String command;

  /** {@code command} is the consul command, a path or a name along our PATH. */
  ConsulAccess(String address, Supplier<Optional<String>> token, Tls tls, String command) {
    this.address = address;
    this.token = token;
    this.tls = tls;
    this.command = command;
  }

  @Override
  public SortedMap<String, String> variables(Path here, Path inside) throws IOException {
    SortedMap<String, String> variables = new TreeMap<>();
    variables.put("CONSUL_HTTP_ADDR", address);
    Optional<byte[]> secret =
        token.get().filter(text -> !text.isBlank()).map(text -> text.getBytes(UTF_8));
    if (keep(here.resolve(TOKEN), secret)) {
      variables.put("CONSUL_HTTP_TOKEN_FILE", inside.resolve(TOKEN).toString());
    }
    if (address.startsWith("https://")) {
      variables.putAll(overTls(here, inside));
    }
    return variables;
  }

  private SortedMap<String, String> overTls(Path here, Path inside) throws IOException {
    SortedMap<String, String> variables = new TreeMap<>();
    if (keep(here.resolve(AUTHORITIES), authorities())) {
      variables.put("CONSUL_CACERT", inside.resolve(AUTHORITIES).toString());
    }
    if (keep(here.resolve(CERTIFICATE), read(tls.certificate()))) {
      variables.put("CONSUL_CLIENT_CERT", inside.resolve(CERTIFICATE).toString());
    }
    if (keep(here.resolve(KEY), read(tls.key()))) {
      variables.put("CONSUL_CLIENT_KEY", inside.resolve(KEY).toString());
    }
    tls.serverName().ifPresent(name -> variables.put("CONSUL_TLS_SERVER_NAME", name));
    if (!tls.verify()) {
      variables.put("CONSUL_HTTP_SSL_VERIFY", "false");
    }
    return variables;
  }

  @Override
  public void withhold(Path here) throws IOException {
    for (String name : List.of(TOKEN, AUTHORITIES, CERTIFICATE, KEY)) {
      Files.deleteIfExists(here.resolve(name));
    }
  }

  private Optional<byte[]> authorities() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Path file : tls.authorityFiles()) {
      all.writeBytes(Files.readAllBytes(file));
      all.write('\n');
    }
    return all.size() == 0 ? Optional.empty() : Optional.of(all.toByteArray());
  }

  private static Optional<byte[]> read(Optional<Path> file) throws IOException {
    return file.isPresent() ? Optional.of(Files.readAllBytes(file.get())) : Optional.empty();
  }

  /** Writes a file that is ours alone, in place of the one there was; returns whether there is. */
  private static boolean keep(Path file, Optional<byte[]> content) throws IOException {
    Files.deleteIfExists(file);
    if (content.isEmpty()) {
      return false;
    }
    try (FileChannel written =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer left = ByteBuffer.wrap(content.get());
      while (left.hasRemaining()) {
        written.write(left);
      }
    }
    return true;
  }

  /**
   * Has the consul command print the file; whoever is the task's user, by numbers or as a process
   * of this machine, may read it. In a container any other user is the image's affair: it must be
   * root then. Whatever the agent does not answer today it may answer later, however long that
   * takes.
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
          e.kind() == Kind.REFUSED ? Kind.REFUSED : Kind.UNAVAILABLE,
          "Envoy's bootstrap: " + hidden(e.getMessage()),
          e.getCause());
    } finally {
      withhold(dirs.secrets());
    }
    file.giveTo(launch.task().user());
  }

  private String hidden(String message) {
    Optional<String> secret = token.get().filter(text -> !text.isBlank());
    return secret.map(text -> message.replace(text.strip(), "(hidden)")).orElse(message);
  }
}
