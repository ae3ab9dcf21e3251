package dev.connectbridge.config;

import dev.connectbridge.http.Tls;
import dev.connectbridge.parse.Key;
import dev.connectbridge.parse.Report;
import dev.connectbridge.parse.Section;
import dev.connectbridge.spec.Origin;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is said about TLS, as it is written: in the file, or in the environment over it. */
record TlsWords(
    Optional<String> authorities,
    Optional<String> certificate,
    Optional<String> key,
    Optional<String> serverName,
    boolean verify) {
  private static final TlsWords NONE =
      new TlsWords(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true);

  /** Returns the keys of the section. */
  static List<Key> keys() {
    return List.of(
        Key.text("ca_file"),
        Key.text("cert_file"),
        Key.text("key_file"),
        Key.text("tls_server_name"),
        Key.flag("tls_verify"));
  }

  static TlsWords in(Optional<Section> consul) {
    return consul
        .map(
            at ->
                new TlsWords(
                    text(at, "ca_file"),
                    text(at, "cert_file"),
                    text(at, "key_file"),
                    text(at, "tls_server_name"),
                    !at.has("tls_verify") || at.flag("tls_verify")))
        .orElse(NONE);
  }

  private static Optional<String> text(Section at, String key) {
    return Optional.of(at.text(key)).filter(text -> !text.isEmpty());
  }

  /** Returns the same with paths; what cannot be used is reported, and counts as not said. */
  Tls tls(Report report) {
    if (certificate.isPresent() != key.isPresent()) {
      report.problem(
          Origin.NONE.problem(
              "consul",
              "a client certificate takes both cert_file (CONSUL_CLIENT_CERT) and key_file"
                  + " (CONSUL_CLIENT_KEY)"));
    }
    Optional<Path> certificateFile = path(certificate.filter(any -> key.isPresent()), report);
    Optional<Path> keyFile = path(key.filter(any -> certificate.isPresent()), report);
    boolean both = certificateFile.isPresent() && keyFile.isPresent();
    return new Tls(
        path(authorities, report),
        certificateFile.filter(any -> both),
        keyFile.filter(any -> both),
        serverName,
        verify);
  }

  private static Optional<Path> path(Optional<String> text, Report report) {
    try {
      return text.map(Path::of);
    } catch (InvalidPathException e) {
      report.problem(
          Origin.NONE.problem("consul", "no path of a file: ca_file, cert_file, key_file"));
      return Optional.empty();
    }
  }
}
