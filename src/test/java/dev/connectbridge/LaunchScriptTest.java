package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts connect-bridge, with a Java that only tells what it was asked. */
class LaunchScriptTest {

  @TempDir private Path temp;
  private Path script;
  private Path home;

  @BeforeEach
  void unpack() throws IOException {
    Path dist = Files.createDirectories(temp.resolve("a dist"));
    Files.createDirectories(dist.resolve("lib"));
    script = dist.resolve("bin/connect-bridge");
    Files.createDirectories(script.getParent());
    Files.copy(Path.of("src/main/dist/bin/connect-bridge"), script);
    home = temp.resolve("a jdk");
    executable(home.resolve("bin/java"), "printf '%s\\n' \"$$\" \"$@\"");
  }

  @Test
  void handsItsArgumentsOnAsTheyAre() throws Exception {
    assertThat(run(script, Map.of(), "render", "a b", "", "*", "--format=json"))
        .endsWith("dev.connectbridge.cli.Main", "render", "a b", "", "*", "--format=json")
        .contains(temp.toRealPath().resolve("a dist/lib/connect-bridge.jar").toString());
  }

  @Test
  void findsItsOwnDirectoryThroughLinks() throws Exception {
    Path one = Files.createSymbolicLink(temp.resolve("one"), Path.of("a dist/bin/connect-bridge"));
    Path two = Files.createSymbolicLink(temp.resolve("two"), one.toAbsolutePath());

    assertThat(run(two, Map.of(), "version"))
        .contains(temp.toRealPath().resolve("a dist/lib/connect-bridge.jar").toString());
  }

  @Test
  void laysTheOperatorsOptionsOverItsOwn() throws Exception {
    List<String> seen = run(script, Map.of("CONNECT_BRIDGE_OPTS", "-Xmx64m -Dx=y"), "version");

    assertThat(seen).containsSubsequence("-XX:+UseSerialGC", "-Xmx64m", "-Dx=y", "-cp");
  }

  @Test
  void usesTheClassDataArchiveOnlyWhereThereIsOne() throws Exception {
    Path archive = temp.resolve("a dist/lib/connect-bridge.jsa");

    assertThat(run(script, Map.of(), "version")).noneMatch(option -> option.contains("SharedArch"));
    Files.createFile(archive);
    assertThat(run(script, Map.of(), "version"))
        .contains("-XX:SharedArchiveFile=" + archive.toRealPath());
  }

  @Test
  void becomesTheJvmSoThatSignalsReachIt() throws Exception {
    Process process = start(script, Map.of(), "version");

    assertThat(lines(process).get(0)).isEqualTo(String.valueOf(process.pid()));
  }

  @Test
  void saysWhatIsMissingWhereThereIsNoJava() throws Exception {
    Process process = start(script, Map.of("JAVA_HOME", "/nowhere"), "version");

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
        .contains("/nowhere/bin/java", "Java 17");
  }

  private List<String> run(Path command, Map<String, String> env, String... arguments)
      throws Exception {
    return lines(start(command, env, arguments));
  }

  private Process start(Path command, Map<String, String> env, String... arguments)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().remove("CONNECT_BRIDGE_OPTS");
    builder.environment().put("JAVA_HOME", home.toString());
    builder.environment().putAll(env);
    return builder.start();
  }

  private static List<String> lines(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return out.lines().toList();
  }

  private static void executable(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
