package dev.connectbridge.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerLockTest {
  private static final String AGENT = "127.0.0.1:8500";

  @TempDir private Path top;

  private Optional<OwnerLock> take(String owner, String agent) throws IOException {
    return OwnerLock.take(Optional.of(top), owner, agent);
  }

  private boolean isHeld(String owner, String agent) {
    return OwnerLock.isHeld(Optional.of(top), owner, agent);
  }

  @Test
  void oneTakesItAndTheOtherDoesNot() throws IOException {
    try (OwnerLock lock = take("default", AGENT).orElseThrow()) {
      assertThat(take("default", AGENT)).isEmpty();
      assertThat(isHeld("default", AGENT)).isTrue();
      assertThat(lock).isNotNull();
    }
  }

  @Test
  void itIsFreeAgainOnceItIsClosed() throws IOException {
    OwnerLock lock = take("default", AGENT).orElseThrow();
    lock.close();
    lock.close();

    assertThat(isHeld("default", AGENT)).isFalse();
    try (OwnerLock again = take("default", AGENT).orElseThrow()) {
      assertThat(again).isNotNull();
    }
  }

  @Test
  void anotherOwnerAndAnotherAgentHaveTheirOwn() throws IOException {
    try (OwnerLock lock = take("default", AGENT).orElseThrow();
        OwnerLock owner = take("other", AGENT).orElseThrow();
        OwnerLock agent = take("default", "unix:///run/consul.sock").orElseThrow()) {
      assertThat(lock).isNotSameAs(owner).isNotSameAs(agent);
    }
  }

  @Test
  void theLockOfADataDirectoryIsItsOwnersAlone() throws IOException {
    try (OwnerLock lock = OwnerLock.ofDirectory(top).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(top.resolve("lock"))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aLinkInItsPlaceEmptiesNoOtherFile() throws IOException {
    Path precious = Files.writeString(top.resolve("precious"), "kept");
    Files.createSymbolicLink(top.resolve("lock"), precious);

    assertThatThrownBy(() -> OwnerLock.ofDirectory(top)).isInstanceOf(IOException.class);

    assertThat(precious).hasContent("kept");
  }

  @Test
  void nobodyHoldsWhatNobodyTook() {
    assertThat(isHeld("default", AGENT)).isFalse();
    assertThat(top).isEmptyDirectory();
  }

  @Test
  void itSaysWhoHoldsIt() throws IOException {
    try (OwnerLock lock = take("default", AGENT).orElseThrow()) {
      Path file = top.resolve("default@127.0.0.1-8500.lock");
      assertThat(lock).isNotNull();
      assertThat(Files.readString(file).strip())
          .isEqualTo(Long.toString(ProcessHandle.current().pid()));
    }
  }

  @Test
  void aDataDirectoryIsMadeForUsAloneAndHasOneOwner() throws IOException {
    Path data = top.resolve("above/data");
    try (OwnerLock lock = OwnerLock.ofDirectory(data).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThat(OwnerLock.ofDirectory(data)).isEmpty();
      assertThat(DataDirectory.openness(data)).isEmpty();
    }
    try (OwnerLock again = OwnerLock.ofDirectory(data).orElseThrow()) {
      assertThat(again).isNotNull();
    }
  }

  @Test
  void whetherABridgeWorksInADataDirectoryIsToldWithoutATrace() throws IOException {
    Path data = top.resolve("data");
    assertThat(OwnerLock.isDirectoryHeld(data)).isFalse();
    assertThat(data).doesNotExist();

    try (OwnerLock lock = OwnerLock.ofDirectory(data).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThat(OwnerLock.isDirectoryHeld(data)).isTrue();
    }

    assertThat(OwnerLock.isDirectoryHeld(data)).isFalse();
  }

  @Test
  void aDirectoryOfAnotherUserIsNotOurOwn() throws IOException {
    assertThat(DataDirectory.isOwn(top)).isTrue();
    assertThat(DataDirectory.isOwn(top.resolve("none"))).isFalse();

    assertThat(DataDirectory.isOwn(ofAnotherUser())).isFalse();
  }

  /** Root gives one away; everybody else has that of root above all. */
  private Path ofAnotherUser() throws IOException {
    Path given = Files.createDirectory(top.resolve("given"));
    try {
      Files.setAttribute(given, "unix:uid", 65534);
      return given;
    } catch (FileSystemException e) {
      return top.getRoot();
    }
  }

  @Test
  void aDirectoryThatOthersCanLookIntoIsTold() throws IOException {
    Path open = Files.createDirectory(top.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-x---"));

    DataDirectory.make(open);

    assertThat(DataDirectory.openness(open)).contains("rwxr-x---");
    assertThat(DataDirectory.openness(top.resolve("none"))).isEmpty();
  }

  @Test
  void aDirectoryThatCannotBeMadeIsSaid() throws IOException {
    Path file = Files.writeString(top.resolve("file"), "");

    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> OwnerLock.take(Optional.of(file.resolve("below")), "default", AGENT))
        .isInstanceOf(IOException.class);
  }

  /** Closing any other channel of the file would let go of all locks of the process. */
  @Test
  void askingForItInTheSameProcessDoesNotLetGoOfIt() throws Exception {
    try (OwnerLock lock = take("default", AGENT).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThat(isHeld("default", AGENT)).isTrue();
      assertThat(take("default", AGENT)).isEmpty();

      assertThat(askedByAnotherProcess()).isEqualTo("held");
    }
    assertThat(askedByAnotherProcess()).isEqualTo("free");
  }

  @Test
  void whatSomebodyRemovedIsMadeAndLockedAgain() throws Exception {
    try (OwnerLock lock = take("default", AGENT).orElseThrow()) {
      assertThat(lock.keep()).isTrue();
      Files.delete(top.resolve("default@127.0.0.1-8500.lock"));
      assertThat(askedByAnotherProcess()).isEqualTo("free");

      assertThat(lock.keep()).isTrue();

      assertThat(askedByAnotherProcess()).isEqualTo("held");
      assertThat(take("default", AGENT)).isEmpty();
    }
    assertThat(askedByAnotherProcess()).isEqualTo("free");
  }

  @Test
  void aDataDirectoryThatSomebodyRemovedIsMadeAgainForUsAlone() throws IOException {
    Path data = top.resolve("data");
    try (OwnerLock lock = OwnerLock.ofDirectory(data).orElseThrow()) {
      Files.delete(data.resolve("lock"));
      Files.delete(data);

      assertThat(lock.keep()).isTrue();

      assertThat(DataDirectory.openness(data)).isEmpty();
      assertThat(OwnerLock.ofDirectory(data)).isEmpty();
    }
  }

  @Test
  void whoeverTookItMeanwhileHasIt() throws Exception {
    Path data = top.resolve("data");
    OwnerLock lock = OwnerLock.ofDirectory(data).orElseThrow();
    try (AnotherProcess robber = AnotherProcess.robbing(data)) {
      assertThat(robber).isNotNull();
      assertThat(lock.keep()).isFalse();
      assertThat(lock.keep()).isFalse();
      assertThat(OwnerLock.ofDirectory(data)).isEmpty();
    }
    try (OwnerLock again = OwnerLock.ofDirectory(data).orElseThrow()) {
      lock.close();
      assertThat(again.keep()).isTrue();
      assertThat(OwnerLock.ofDirectory(data)).isEmpty();
    }
  }

  @Test
  void whatCannotBeMadeAgainIsSaidAndStaysOurs() throws IOException {
    Path above = Files.createDirectory(top.resolve("above"));
    Path data = above.resolve("data");
    try (OwnerLock lock = OwnerLock.ofDirectory(data).orElseThrow()) {
      Files.delete(data.resolve("lock"));
      Files.delete(data);
      Files.delete(above);
      Files.writeString(above, "");
      assertThatThrownBy(lock::keep).isInstanceOf(IOException.class);

      Files.delete(above);

      assertThat(lock.keep()).isTrue();
      assertThat(OwnerLock.ofDirectory(data)).isEmpty();
    }
  }

  private String askedByAnotherProcess() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes(OwnerLock.class) + File.pathSeparator + classes(Asking.class),
                Asking.class.getName(),
                top.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  private static Path classes(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** Another process that asks whether the lock is held. */
  static final class Asking {
    private Asking() {}

    public static void main(String[] args) {
      boolean held = OwnerLock.isHeld(Optional.of(Path.of(args[0])), "default", AGENT);
      System.out.println(held ? "held" : "free");
    }
  }
}
