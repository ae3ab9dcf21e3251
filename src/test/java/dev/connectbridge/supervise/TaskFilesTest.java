package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.sidecar.TaskDirs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskFilesTest {
  @TempDir private Path temp;

  @Test
  void theDataDirectoryAndWhatIsATasksOwnAreClosedAndWhatLiesBetweenCanBePassed()
      throws IOException {
    Path data = temp.resolve("data");

    TaskDirs dirs = new TaskFiles(data).prepare("a1", "shop.api[0]", "proxy");

    for (Path closed : List.of(data, dirs.alloc(), dirs.local(), dirs.secrets(), dirs.logs())) {
      assertThat(mode(closed)).as(closed.toString()).isEqualTo("rwx------");
    }
    for (Path path = dirs.local().getParent(); !path.equals(data); path = path.getParent()) {
      assertThat(mode(path)).as(path.toString()).isEqualTo("rwx--x--x");
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
