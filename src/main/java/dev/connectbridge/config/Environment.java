package dev.connectbridge.config;

import dev.connectbridge.parse.Report;
import dev.connectbridge.spec.Origin;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the environment says of the agent: the consul command's variables, with their meaning. */
final class Environment {
  private static final String ADDRESS = "CONSUL_HTTP_ADDR";
  private static final String TOKEN = "CONSUL_HTTP_TOKEN";
  private static final String TOKEN_FILE = "CONSUL_HTTP_TOKEN_FILE";
  private static final String SSL = "CONSUL_HTTP_SSL";
  private static final String VERIFY = "CONSUL_HTTP_SSL_VERIFY";
  private static final String DOCKER = "DOCKER_HOST";
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

  private final Map<String, String> variables;
  private final Report report;

  Environment(Map<String, String> variables, Report report) {
    this.variables = Map.copyOf(variables);
    this.report = report;
  }

  /** Returns the agent's address; with CONSUL_HTTP_SSL one without a scheme, or http, is https. */
  String agent(String otherwise) {
    String address = said(ADDRESS).orElse(otherwise);
    if (!isSsl() || address.startsWith("https://") || address.startsWith("unix://")) {
      return address;
    }
    return "https://" + address.replaceFirst("^http://", "");
  }

  /** Returns what is said about TLS; each variable comes before what it is about. */
  TlsWords tls(TlsWords otherwise) {
    return new TlsWords(
        said("CONSUL_CACERT").or(() -> said("CONSUL_CAPATH")).or(otherwise::authorities),
        said("CONSUL_CLIENT_CERT").or(otherwise::certificate),
        said("CONSUL_CLIENT_KEY").or(otherwise::key),
        said("CONSUL_TLS_SERVER_NAME").or(otherwise::serverName),
        flag(VERIFY, otherwise.verify()));
  }

  /** Returns the token; one in a file wins, as it does for the consul command. */
  Token token(Token otherwise) {
    Optional<String> token = said(TOKEN).map(String::strip);
    Optional<Path> file = said(TOKEN_FILE).flatMap(this::path);
    if (file.isPresent()) {
      return Token.in(file.get(), Origin.NONE, TOKEN_FILE, token);
    }
    return token.map(Token::of).orElse(otherwise);
  }

  /** Returns where the Docker engine is, as the docker command is told. */
  Optional<String> docker() {
    return said(DOCKER);
  }

  private boolean isSsl() {
    return flag(SSL, false);
  }

  private boolean flag(String name, boolean otherwise) {
    String text = said(name).orElse(String.valueOf(otherwise));
    if (!TRUE.contains(text) && !FALSE.contains(text)) {
      report.warning(Origin.NONE.problem(name, "neither true nor false, so it says nothing"));
      return otherwise;
    }
    return TRUE.contains(text);
  }

  private Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      report.problem(Origin.NONE.problem(TOKEN_FILE, "no path of a file"));
      return Optional.empty();
    }
  }

  private Optional<String> said(String name) {
    return Optional.ofNullable(variables.get(name)).filter(text -> !text.isEmpty());
  }
}
