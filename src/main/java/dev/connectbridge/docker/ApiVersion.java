package dev.connectbridge.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of the Engine API. */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  /** The newest that this driver was written against. */
  static final ApiVersion OURS = new ApiVersion(1, 41);

  /** The oldest that has everything it asks for. */
  private static final ApiVersion OLDEST = new ApiVersion(1, 25);

  private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");
  private static final Comparator<ApiVersion> ORDER =
      Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

  /**
   * Returns the version to speak with an engine: ours or its own, whichever is older. An engine
   * that has left ours behind is spoken to in the oldest that it still understands: what this
   * driver asks for has been the same since.
   */
  static ApiVersion agreed(JsonNode engine) throws TaskException {
    ApiVersion theirs = parse(engine.path("ApiVersion").asText());
    if (theirs.compareTo(OLDEST) < 0) {
      throw new TaskException(
          Kind.UNAVAILABLE, "the engine's API is " + theirs + "; " + OLDEST + " is needed", null);
    }
    ApiVersion agreed = theirs.compareTo(OURS) < 0 ? theirs : OURS;
    String least = engine.path("MinAPIVersion").asText();
    if (least.isEmpty()) {
      return agreed;
    }
    ApiVersion theirLeast = parse(least);
    return agreed.compareTo(theirLeast) < 0 ? theirLeast : agreed;
  }

  private static ApiVersion parse(String text) throws TaskException {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new TaskException(
          Kind.UNAVAILABLE, "what answers is no Docker engine: it tells no API version", null);
    }
    return new ApiVersion(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
  }

  @Override
  public int compareTo(ApiVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
