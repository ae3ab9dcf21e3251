package dev.connectbridge;

import dev.connectbridge.spec.ServiceSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Says what there is to say about a check of a {@link ResolvedService}. For one thread at a time;
 * nulls and negative numbers are {@link IllegalArgumentException}s.
 */
public final class ResolvedCheck {
  private final String type;
  private final String subject;
  private final Duration interval;
  private final Duration timeout;
  private final Map<String, List<String>> header = new LinkedHashMap<>();
  private String name = "";
  private String port = "";
  private String addressMode = "";
  private String protocol = "";
  private String method = "";
  private String body = "";
  private String initialStatus = "";
  private boolean tlsSkipVerify;
  private boolean useTls;
  private int successBeforePassing;
  private int failuresBeforeCritical;

  ResolvedCheck(String type, String subject, Duration interval, Duration timeout) {
    this.type = type;
    this.subject = subject;
    this.interval = interval;
    this.timeout = timeout;
  }

  /** Says its name, which also decides its ID; made of the service's name unless said. */
  public ResolvedCheck name(String text) {
    this.name = Given.text("name", text);
    return this;
  }

  /** Says the port that is probed, as a label or a number; the service's unless said. */
  public ResolvedCheck port(String label) {
    this.port = Given.text("port", label);
    return this;
  }

  /** Says whose address is probed: {@code host}, which holds unless said, or {@code alloc}. */
  public ResolvedCheck addressMode(String mode) {
    this.addressMode = Given.oneOf("address mode", mode, "host", "alloc");
    return this;
  }

  /** Uses TLS: https for an HTTP check. */
  public ResolvedCheck tls() {
    this.useTls = true;
    this.protocol = "https";
    return this;
  }

  /** Does not verify the certificate. */
  public ResolvedCheck tlsSkipVerify() {
    this.tlsSkipVerify = true;
    return this;
  }

  /** Says the method of an HTTP check; GET unless said. */
  public ResolvedCheck method(String text) {
    this.method = Given.text("method", text);
    return this;
  }

  /** Adds a header to an HTTP check. It can be read by whoever may read the agent's files. */
  public ResolvedCheck header(String key, String... values) {
    header.put(Given.text("header", key), List.of(values));
    return this;
  }

  /** Says the body of an HTTP check. */
  public ResolvedCheck body(String text) {
    this.body = Given.notNull("body", text);
    return this;
  }

  /**
   * Says the status until the first probe: {@code passing}, {@code warning} or {@code critical}.
   */
  public ResolvedCheck initialStatus(String status) {
    this.initialStatus = Given.oneOf("status", status, "passing", "warning", "critical");
    return this;
  }

  /** Says how many successes in a row make it pass. */
  public ResolvedCheck successBeforePassing(int count) {
    this.successBeforePassing = Given.notNegative("count", count);
    return this;
  }

  /** Says how many failures in a row make it critical. */
  public ResolvedCheck failuresBeforeCritical(int count) {
    this.failuresBeforeCritical = Given.notNegative("count", count);
    return this;
  }

  ServiceSpec.Check spec(String path) {
    boolean http = type.equals("http");
    boolean grpc = type.equals("grpc");
    return new ServiceSpec.Check(
        name,
        type,
        http ? subject : "",
        http ? protocol : "",
        port,
        addressMode,
        interval,
        timeout,
        initialStatus,
        method,
        header,
        body,
        tlsSkipVerify,
        grpc ? subject : "",
        grpc && useTls,
        successBeforePassing,
        failuresBeforeCritical,
        ResolvedGroup.at(path));
  }
}
