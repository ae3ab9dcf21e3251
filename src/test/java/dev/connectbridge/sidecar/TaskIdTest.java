package dev.connectbridge.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIdTest {
  @ParameterizedTest
  @CsvSource({
    "connect-proxy-api, connect-proxy-api",
    "UPPER_9, UPPER_9",
    "v1.2, v1-2",
    "a b/c, a-b-c",
    "äß, --",
    "😀!, --"
  })
  void whatAFileNameCannotHoldBecomesADash(String task, String safe) {
    assertThat(TaskId.of("0a-1b", task).value()).isEqualTo("0a-1b." + safe);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", ".a", "-a", "_a", "a/b", "a b", "aä", "a\n"})
  void whatIsNoNameIsRefused(String value) {
    assertThatThrownBy(() -> new TaskId(value)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoCharactersAreEnough() {
    assertThat(new TaskId("a.").value()).isEqualTo("a.");
  }
}
