package dev.connectbridge.source;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DirectoryWatchTest {
  private static final String SPEC = "job \"shop\" {\n  group \"api\" {}\n}\n";

  @TempDir private Path top;
  private final Semaphore wakes = new Semaphore(0);
  private SpecPaths paths;

  @BeforeEach
  void watch() throws IOException {
    Files.writeString(top.resolve("a.hcl"), SPEC);
    paths = new SpecPaths(List.of(top));
    paths.read();
    paths.onChange(wakes::release);
    wakes.drainPermits();
  }

  @AfterEach
  void close() {
    paths.close();
  }

  /** The signal may come for a step before the last one: then another follows. */
  private void wakesUntilItReads(String... sources) throws InterruptedException {
    while (!Set.of(sources).equals(sources())) {
      assertThat(wakes.tryAcquire(20, TimeUnit.SECONDS)).as("woken, reads " + sources()).isTrue();
    }
  }

  private Set<String> sources() {
    return paths.read().files().stream().map(file -> file.source()).collect(Collectors.toSet());
  }

  private void isWoken() throws InterruptedException {
    assertThat(wakes.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aChangedFileWakes() throws Exception {
    Files.writeString(top.resolve("a.hcl"), SPEC + "\n");

    isWoken();
  }

  @Test
  void aNewFileWakes() throws Exception {
    Files.writeString(top.resolve("b.hcl"), SPEC);

    isWoken();
    wakesUntilItReads("a.hcl", "b.hcl");
  }

  @Test
  void aDeletedFileWakes() throws Exception {
    Files.delete(top.resolve("a.hcl"));

    isWoken();
    wakesUntilItReads();
  }

  @Test
  void aNewDirectoryIsWatchedAsWell() throws Exception {
    Files.createDirectory(top.resolve("sub"));
    isWoken();
    sources();
    Files.writeString(top.resolve("sub/b.hcl"), SPEC);

    wakesUntilItReads("a.hcl", "sub/b.hcl");
    wakes.drainPermits();
    Files.writeString(top.resolve("sub/b.hcl"), SPEC + "\n");
    isWoken();
  }

  @Test
  void aDirectoryThatIsMovedInWithItsFilesWakes() throws Exception {
    Path outside = Files.createDirectories(top.resolve(".outside/sub/deep"));
    Files.writeString(outside.resolve("b.hcl"), SPEC);

    Files.move(top.resolve(".outside/sub"), top.resolve("sub"), ATOMIC_MOVE);

    wakesUntilItReads("a.hcl", "sub/deep/b.hcl");
  }

  @Test
  void anEditorThatRenamesOverTheFileWakes() throws Exception {
    Path fresh = Files.writeString(top.resolve(".a.hcl.swp"), SPEC + "\n");
    isWoken();
    wakes.drainPermits();

    Files.move(fresh, top.resolve("a.hcl"), ATOMIC_MOVE);

    isWoken();
  }

  @Test
  void aLinkThatIsSwappedWakes() throws Exception {
    for (String version : List.of("one", "two")) {
      Files.createDirectories(top.resolve("." + version));
      Files.writeString(top.resolve("." + version + "/b.hcl"), SPEC.replace("shop", version));
    }
    Files.createSymbolicLink(top.resolve("..data"), Path.of(".one"));
    Files.createSymbolicLink(top.resolve("b.hcl"), Path.of("..data/b.hcl"));
    wakesUntilItReads("a.hcl", "b.hcl");
    assertThat(jobOfB()).isEqualTo("one");
    Files.createSymbolicLink(top.resolve("..fresh"), Path.of(".two"));

    Files.move(top.resolve("..fresh"), top.resolve("..data"), ATOMIC_MOVE);

    while (!jobOfB().equals("two")) {
      isWoken();
    }
  }

  private String jobOfB() {
    return paths.read().files().stream()
        .filter(file -> file.source().equals("b.hcl"))
        .flatMap(file -> file.jobs().stream())
        .map(job -> job.id())
        .findFirst()
        .orElse("");
  }

  @Test
  void aPathThatAppearsWakes() throws Exception {
    Path later = top.resolve("later/specs");
    try (SpecPaths waiting = new SpecPaths(List.of(later))) {
      assertThat(waiting.read().complete()).isFalse();
      Semaphore appeared = new Semaphore(0);
      waiting.onChange(appeared::release);
      Files.createDirectories(later);
      Files.writeString(later.resolve("b.hcl"), SPEC);

      while (waiting.read().files().isEmpty()) {
        assertThat(appeared.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void aDirectoryThatIsReplacedIsWatchedOn() throws Exception {
    Path sub = Files.createDirectory(top.resolve("sub"));
    isWoken();
    sources();
    Files.delete(sub);
    Files.createDirectory(sub);
    isWoken();
    sources();

    Files.writeString(sub.resolve("b.hcl"), SPEC);

    wakesUntilItReads("a.hcl", "sub/b.hcl");
  }

  @Test
  void aWatchedDirectoryThatIsMovedAwayAndPutBackWakesEachTime() throws Exception {
    Path specs = Files.createDirectory(top.resolve(".specs"));
    Files.writeString(specs.resolve("b.hcl"), SPEC);
    try (SpecPaths own = new SpecPaths(List.of(specs))) {
      own.read();
      Semaphore moved = new Semaphore(0);
      own.onChange(moved::release);
      moved.drainPermits();

      Files.move(specs, top.resolve(".away"), ATOMIC_MOVE);
      assertThat(moved.tryAcquire(20, TimeUnit.SECONDS)).as("woken by its going").isTrue();
      assertThat(own.read().complete()).isFalse();
      moved.drainPermits();

      Files.move(top.resolve(".away"), specs, ATOMIC_MOVE);
      assertThat(moved.tryAcquire(20, TimeUnit.SECONDS)).as("woken by its return").isTrue();
      assertThat(own.read().files()).hasSize(1);
    }
  }

  @Test
  void whatHappensBesideAWatchedDirectoryWakesNobody() throws Exception {
    Path specs = Files.createDirectory(top.resolve(".specs"));
    try (SpecPaths own = new SpecPaths(List.of(specs))) {
      own.read();
      Semaphore woken = new Semaphore(0);
      own.onChange(woken::release);
      woken.drainPermits();
      wakes.drainPermits();

      Files.writeString(top.resolve("beside.hcl"), SPEC);

      isWoken();
      assertThat(woken.tryAcquire(200, TimeUnit.MILLISECONDS)).isFalse();
    }
  }

  @Test
  void readingAgainWakesNobody() {
    paths.read();
    paths.read();

    assertThat(wakes.drainPermits()).isZero();
  }

  @Test
  void closingEndsTheThread() throws Exception {
    List<Thread> followers = followers();
    assertThat(followers).isNotEmpty();

    paths.close();

    for (Thread follower : followers) {
      follower.join(5_000);
    }
    assertThat(followers).noneMatch(Thread::isAlive);
    paths.close();
    paths.read();
  }

  private static List<Thread> followers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("connect-bridge-source"))
        .toList();
  }
}
