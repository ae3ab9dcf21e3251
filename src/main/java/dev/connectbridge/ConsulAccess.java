package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.supervise.AgentAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How the consul command finds our agent: by its variables, the token by a file of the task's. */
final class ConsulAccess implements AgentAccess {
  private static final String TOKEN = "consul_token";

  private final String address;
  private final Supplier<Optional<String>> token;

  ConsulAccess(String address, Supplier<Optional<String>> token) {
    this.address = address;
    this.token = token;
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
}
