package dev.connectbridge.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The directory in which a daemon keeps what must outlive it: tokens of tasks among it. */
public final class DataDirectory {
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");

  /** What the kernel gives to the user that this process runs as. */
  private static final Path PROCESS = Path.of("/proc/self");

  private DataDirectory() {}

  /** Makes it, 0700 as all that is made above it, where it is not there yet. */
  public static void make(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OURS));
    }
  }

  /**
   * Returns whether it is there and belongs to the user of this process: a file that another user
   * makes in it, 0600, is one that its daemon cannot read.
   */
  public static boolean isOwn(Path directory) {
    try {
      return Files.isDirectory(directory)
          && Files.getOwner(directory).equals(Files.getOwner(PROCESS));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Returns the permissions of one that others than its owner can look into, as ls writes them. */
  public static Optional<String> openness(Path directory) {
    try {
      Set<PosixFilePermission> found = Files.getPosixFilePermissions(directory);
      return OURS.containsAll(found)
          ? Optional.empty()
          : Optional.of(PosixFilePermissions.toString(found));
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
