package dev.connectbridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecTreeTest {
  @TempDir private Path temp;

  @Test
  void whatIsTooMuchToReadIsNotListedAsIfItWereAll() throws IOException {
    Path below = Files.createDirectory(temp.resolve("b"));
    for (Path file : new Path[] {temp.resolve("a.hcl"), below.resolve("b.hcl")}) {
      Files.createFile(file);
    }
    assertThat(SpecTree.of(temp, 2).unreadable()).isEmpty();

    Files.createFile(temp.resolve("c.hcl"));

    SpecTree tree = SpecTree.of(temp, 2);
    assertThat(tree.files()).hasSize(2);
    assertThat(tree.unreadable())
        .isEqualTo(Map.of(temp, "more than 2 files of specs are not read"));
  }
}
