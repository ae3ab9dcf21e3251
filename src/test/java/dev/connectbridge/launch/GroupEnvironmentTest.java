package dev.connectbridge.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GroupEnvironmentTest {

  private static String name(String job, String group) {
    return GroupEnvironment.fileName(job, group, 2, true, job + "\n" + group);
  }

  @Test
  void theFileIsNamedAfterTheInstance() {
    assertThat(name("shop.example", "api")).isEqualTo("shop.example.api.2.env");
  }

  @Test
  void namesThatCouldMeetOrLeaveTheDirectoryAreToldApartAndSafe() {
    assertThat(name("a", "b.c")).matches("a\\.b\\.c\\.2-[0-9a-f]{6}\\.env");
    assertThat(name("a.b", "c")).isEqualTo("a.b.c.2.env");
    assertThat(name("../x", "c")).matches("-\\.-x\\.c\\.2-[0-9a-f]{6}\\.env");
    assertThat(name("a b", "c")).isNotEqualTo(name("a/b", "c"));
    assertThat(name("x".repeat(300), "c").length()).isLessThan(255);
    assertThat(GroupEnvironment.fileName("a", "b", 0, false, "other namespace"))
        .matches("a\\.b\\.0-[0-9a-f]{6}\\.env");
  }

  @Test
  void everyLineIsOneThatAShellTakes() {
    Map<String, String> values =
        Map.of(
            "NOMAD_PORT_a-b",
            "1",
            "NOMAD_ADDR_x.y",
            "10.0.0.1:80",
            "NOMAD_META_q",
            "it's $HOME",
            "NOMAD_EMPTY",
            "",
            "NOMAD_ADDR_6",
            "[::1]:80");

    assertThat(new GroupEnvironment("f", new TreeMap<>(values)).text())
        .isEqualTo(
            """
            NOMAD_ADDR_6='[::1]:80'
            NOMAD_ADDR_x_y=10.0.0.1:80
            NOMAD_EMPTY=
            NOMAD_META_q='it'\\''s $HOME'
            NOMAD_PORT_a_b=1
            """);
  }
}
