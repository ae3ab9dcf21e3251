package dev.connectbridge.testing;

import java.util.Arrays;
import java.util.Optional;

/** What a test may not go without: CONNECT_BRIDGE_REQUIRE in the environment names it. */
public final class Required {
  private Required() {}

  /** Returns whether what has this name must be there. */
  public static boolean names(String name) {
    String all = Optional.ofNullable(System.getenv("CONNECT_BRIDGE_REQUIRE")).orElse("");
    return Arrays.asList(all.split("[ ,]+")).contains(name);
  }
}
