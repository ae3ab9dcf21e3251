package dev.connectbridge.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcTest {
  @TempDir private Path root;

  private void stat(long pid, String line) throws IOException {
    Files.createDirectories(root.resolve(String.valueOf(pid)));
    Files.writeString(root.resolve(pid + "/stat"), line);
  }

  private static String line(long pid, String name, String state) {
    return pid
        + " ("
        + name
        + ") "
        + state
        + " 1 11 12 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 987 0 0";
  }

  @Test
  void aNameMayHoldAnything() throws IOException {
    stat(10, line(10, "a) R 5 (b\n", "S"));

    assertThat(new Proc(root).entry(10)).contains(new Proc.Entry(10, 11, 12, 987, false));
    assertThat(new Proc(root).entry(11)).isEmpty();
  }

  @Test
  void oneThatOnlyWaitsToBeAskedDoesNotLive() throws IOException {
    stat(10, line(10, "dead", "Z"));
    stat(11, line(11, "alive", "T"));
    Files.createDirectories(root.resolve("self"));

    assertThat(new Proc(root).living()).extracting(Proc.Entry::pid).containsExactly(11L);
  }

  @Test
  void anEnvironmentIsReadVariableByVariable() throws IOException {
    stat(10, line(10, "x", "S"));
    Files.writeString(root.resolve("10/environ"), "A=1\0B=two=2\n3\0=odd\0C=\0");

    assertThat(new Proc(root).environment(10))
        .isEqualTo(Map.of("A", "1", "B", "two=2\n3", "C", ""));
    assertThat(new Proc(root).environment(11)).isEmpty();
  }

  @Test
  void theSignalsThatAreHeardAndThoseThatAreIgnoredAreOneSet() throws IOException {
    stat(10, line(10, "x", "S"));
    Files.writeString(
        root.resolve("10/status"),
        "Uid:\t65534\t0\t0\t0\nSigIgn:\t0000000000001000\nSigCgt:\tffffffff00000002\n");

    assertThat(new Proc(root).heard(10)).isEqualTo(0xffffffff00001002L);
    assertThat(new Proc(root).user(10)).contains("65534");
  }
}
