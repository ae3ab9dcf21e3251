package dev.connectbridge.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

  @Test
  void thereIsAWarningBeforeEverybodyIsLockedOut() {
    assertThat(Connections.of(37, OptionalInt.empty()).warning()).isEmpty();
    assertThat(Connections.of(38, OptionalInt.empty()).warning())
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .startsWith("38 built-in proxies need up to 152 of the 200 connections"));
  }

  @Test
  void anAgentThatTakesMoreIsTakenAtItsWord() {
    assertThat(Connections.of(60, OptionalInt.of(1000)).warning()).isEmpty();
    assertThat(Connections.of(60, OptionalInt.of(0)).warning()).isEmpty();
    assertThat(Connections.of(2, OptionalInt.of(8)).warning()).isPresent();
  }
}
