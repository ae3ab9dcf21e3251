package dev.connectbridge.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;

/** The secrets that tests have given to what they test: nothing that is printed may show them. */
public final class Planted {
  private static final Path BOOK = Path.of("target", "planted-secrets");

  /** Those that stand in the tests themselves. */
  private static final Set<String> ALWAYS = Set.of("5ec2e7-token", "hunter22");

  private Planted() {}

  /** Puts down a secret, for the last check of the build, and returns it. */
  public static synchronized String secret(String secret) {
    try {
      Files.createDirectories(BOOK.getParent());
      Files.writeString(BOOK, secret + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      return secret;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns all that were put down, by any test of any build since the last clean one. */
  public static Set<String> all() throws IOException {
    Set<String> all = new TreeSet<>(ALWAYS);
    if (Files.exists(BOOK)) {
      all.addAll(Files.readAllLines(BOOK));
    }
    return all;
  }
}
