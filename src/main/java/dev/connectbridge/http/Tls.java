package dev.connectbridge.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is decided about TLS: files, read again when they change, and what is checked.
 *
 * @param authorities a PEM file, or a directory of them, with who may have signed the agent's
 *     certificate; empty is whoever this Java trusts
 * @param certificate a PEM file with our own certificate, and those between it and its authority
 * @param key a PEM file with its key: PKCS #8, SEC 1 (EC) or PKCS #1 (RSA), without a passphrase
 * @param serverName the name that the agent's certificate must be for, in place of its host
 * @param verify whether the agent's certificate is looked at, at all
 */
public record Tls(
    Optional<Path> authorities,
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<String> serverName,
    boolean verify) {

  /** What Java trusts, and no certificate of our own. */
  public static final Tls DEFAULT =
      new Tls(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true);

  /** Refuses half a certificate. */
  public Tls {
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException(
          "a client certificate takes both its file and the file of its key");
    }
  }

  /**
   * Returns the files that say who may have signed the agent's certificate, in order.
   *
   * @throws IOException when their directory cannot be listed
   */
  public List<Path> authorityFiles() throws IOException {
    if (authorities.isEmpty() || !Files.isDirectory(authorities.get())) {
      return authorities.stream().toList();
    }
    try (Stream<Path> inside = Files.list(authorities.get())) {
      return inside.filter(Files::isRegularFile).sorted().toList();
    }
  }

  List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>(authorityFiles());
    certificate.ifPresent(files::add);
    key.ifPresent(files::add);
    return files;
  }
}
