package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {
  @TempDir private Path temp;
  private Path specs;
  private Path token;
  private Path config;

  @BeforeEach
  void write() throws IOException {
    specs = Files.createDirectory(temp.resolve("specs"));
    token = Files.writeString(temp.resolve("token"), "t");
    Files.writeString(specs.resolve("web.nomad.hcl"), "");
    Files.writeString(specs.resolve("notes.txt"), "");
    config =
        Files.writeString(
            temp.resolve("config.yaml"),
            "consul:\n  token_file: %s\nspecs: [%s]\ndata_dir: %s\ntasks: leave\n"
                .formatted(token, specs, temp.resolve("data")));
    allow(specs, "rwxr-xr-x");
    allow(specs.resolve("web.nomad.hcl"), "rw-r--r--");
    allow(specs.resolve("notes.txt"), "rw-r--r--");
    allow(token, "rw-r--r--");
    allow(temp, "rwxr-xr-x");
  }

  @Test
  void tokensAndSpecsThatEverybodyCanReadAreWarnedOf() {
    assertThat(doctor())
        .contains("WARN  files: 2 files (tokens, keys, specs) can be read by everybody")
        .contains(token.toString())
        .contains("web.nomad.hcl")
        .doesNotContain("notes.txt");
  }

  @Test
  void thoseOfAGroupAreNot() throws IOException {
    allow(specs.resolve("web.nomad.hcl"), "rw-r-----");
    allow(token, "rw-------");

    assertThat(doctor()).contains("OK    files: ");
  }

  @Test
  void norAreThoseBelowAClosedDirectory() throws IOException {
    allow(temp, "rwxr-x---");

    assertThat(doctor()).contains("OK    files: ");
  }

  private String doctor() {
    return Typed.in(
            Map.of("CONSUL_HTTP_ADDR", "127.0.0.1:1"), "doctor", "--config", config.toString())
        .out();
  }

  private static void allow(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
