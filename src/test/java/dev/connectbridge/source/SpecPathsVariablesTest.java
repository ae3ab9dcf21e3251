package dev.connectbridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.spec.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecPathsVariablesTest {
  @TempDir private Path directory;
  private Path specs;
  private Path values;

  @BeforeEach
  void writeSpecs() throws IOException {
    specs = Files.createDirectory(directory.resolve("specs"));
    values = directory.resolve("values.hcl");
    spec("a.hcl", "variable \"n\" {\n  default = 1\n}\n", "var.n");
    spec("b.hcl", "variable \"m\" {\n  default = 1\n}\n", "var.m");
    spec("c.hcl", "", "7");
  }

  private void spec(String name, String head, String count) throws IOException {
    Files.writeString(
        specs.resolve(name),
        head + "job \"" + name + "\" {\n  group \"g\" {\n    count = " + count + "\n  }\n}\n");
  }

  private static List<Integer> counts(Snapshot snapshot) {
    return snapshot.files().stream()
        .filter(file -> file.problems().isEmpty())
        .flatMap(file -> file.jobs().stream())
        .map(job -> job.groups().get(0).count())
        .toList();
  }

  private static List<String> problems(Snapshot snapshot, String source) {
    return snapshot.files().stream()
        .filter(file -> file.source().equals(source))
        .flatMap(file -> file.problems().stream())
        .map(Problem::message)
        .toList();
  }

  @Test
  void eachSpecTakesTheValuesOfItsOwnVariables() throws IOException {
    Files.writeString(values, "n = 2\nm = 3\n");

    try (SpecPaths paths = new SpecPaths(List.of(specs), List.of(values), List.of("m=4"))) {
      Snapshot snapshot = paths.read();

      assertThat(counts(snapshot)).containsExactly(2, 4, 7);
      assertThat(snapshot.files()).hasSize(3);
      assertThat(snapshot.complete()).isTrue();
    }
  }

  @Test
  void aFileOfValuesThatChangesIsReadAgain() throws IOException {
    Files.writeString(values, "n = 2\n");

    try (SpecPaths paths = new SpecPaths(List.of(specs), List.of(values), List.of())) {
      assertThat(counts(paths.read())).containsExactly(2, 1, 7);
      Files.writeString(values, "n = 5\n");
      assertThat(counts(paths.read())).containsExactly(5, 1, 7);
    }
  }

  @Test
  void withoutItsFileOfValuesASpecWithVariablesIsNotRead() {
    try (SpecPaths paths = new SpecPaths(List.of(specs), List.of(values), List.of())) {
      Snapshot snapshot = paths.read();

      assertThat(counts(snapshot)).containsExactly(7);
      assertThat(problems(snapshot, "a.hcl")).hasSize(1);
      assertThat(problems(snapshot, "variables"))
          .containsExactly("a link that leads nowhere, or the file has just gone");
    }
  }

  @Test
  void aValueThatNoSpecAsksForIsAProblemOfItsOwn() {
    try (SpecPaths paths = new SpecPaths(List.of(specs), List.of(), List.of("nn=1"))) {
      Snapshot snapshot = paths.read();

      assertThat(counts(snapshot)).containsExactly(1, 1, 7);
      assertThat(snapshot.complete()).isTrue();
      assertThat(problems(snapshot, "variables"))
          .singleElement()
          .asString()
          .startsWith("no job file has a variable \"nn\"");
    }
  }
}
