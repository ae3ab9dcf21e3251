package dev.connectbridge.testing;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What comes of a question.
 *
 * @param status the HTTP status
 * @param headers the headers
 * @param body the body
 * @param after how long it takes
 * @param ending whether it comes at all
 */
public record Answered(
    int status, SortedMap<String, String> headers, String body, Duration after, Ending ending) {
  static final String TYPE = "Content-Type";

  /** How an exchange can end. */
  public enum Ending {
    /** The whole answer arrives. */
    WHOLE,
    /** The connection is closed in the middle of the body. */
    CUT_SHORT,
    /** The connection is closed without an answer. */
    CLOSED,
    /** Nobody listens. */
    REFUSED,
    /** Nothing comes. */
    NEVER
  }

  public Answered {
    headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
  }

  static Answered json(int status, String body) {
    return plain(status, body, "application/json");
  }

  static Answered json(String body) {
    return json(200, body);
  }

  static Answered text(int status, String text) {
    return plain(status, text, "text/plain; charset=utf-8");
  }

  /** What Consul says when a write was done. */
  static Answered done() {
    return new Answered(200, new TreeMap<>(), "", Duration.ZERO, Ending.WHOLE);
  }

  static Answered empty(int status) {
    return new Answered(status, new TreeMap<>(), "", Duration.ZERO, Ending.WHOLE);
  }

  static Answered ending(Ending ending) {
    return new Answered(0, new TreeMap<>(), "", Duration.ZERO, ending);
  }

  static Answered plain(int status, String body, String type) {
    return new Answered(
        status, new TreeMap<>(Map.of(TYPE, type)), body, Duration.ZERO, Ending.WHOLE);
  }

  Answered with(String header, String value) {
    SortedMap<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Answered(status, more, body, after, ending);
  }

  Answered after(Duration time) {
    return new Answered(status, headers, body, after.plus(time), ending);
  }

  Answered ends(Ending how) {
    return new Answered(status, headers, body, after, how);
  }
}
