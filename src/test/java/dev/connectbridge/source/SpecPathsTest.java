package dev.connectbridge.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SpecPathsTest {
  private static final String SPEC = Specs.job("name = \"web\"\nport = \"9001\"");

  @TempDir private Path top;

  private Path write(String name, String text) throws IOException {
    Path file = top.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Snapshot read() {
    return new SpecPaths(List.of(top)).read();
  }

  private static List<String> sources(Snapshot snapshot) {
    return snapshot.files().stream().map(Snapshot.File::source).toList();
  }

  private static Snapshot.File only(Snapshot snapshot, String source) {
    return snapshot.files().stream()
        .filter(file -> file.source().equals(source))
        .findFirst()
        .orElseThrow();
  }

  private static Problem problem(Snapshot snapshot, String source) {
    Snapshot.File file = only(snapshot, source);
    assertThat(file.jobs()).isEmpty();
    assertThat(file.problems()).hasSize(1);
    return file.problems().get(0);
  }

  @Test
  void everythingBelowADirectoryIsReadInTheOrderOfTheNames() throws IOException {
    write("b.hcl", SPEC);
    write("a/deep/er/x.nomad", SPEC);
    write("a/y.JSON", "{}");
    write("z.yaml", "");
    write("z.yml", "");

    Snapshot snapshot = read();

    assertThat(sources(snapshot))
        .containsExactly("a/deep/er/x.nomad", "a/y.JSON", "b.hcl", "z.yaml", "z.yml");
    assertThat(snapshot.complete()).isTrue();
    assertThat(only(snapshot, "b.hcl").jobs()).hasSize(1);
    assertThat(only(snapshot, "b.hcl").problems()).isEmpty();
  }

  @Test
  void whatIsHiddenOrHasAnotherEndingIsPassedOver() throws IOException {
    for (String name :
        List.of(
            ".x.hcl", ".git/x.hcl", "x.hcl~", "x.hcl.swp", "hcl", "README.md", "..data/x.hcl")) {
      write(name, "job {");
    }

    assertThat(read()).isEqualTo(new Snapshot(List.of(), true, List.of()));
  }

  @Test
  void aFileThatIsNamedIsReadWhateverItsName() throws IOException {
    Path hidden = write(".jobs", SPEC);

    Snapshot snapshot = new SpecPaths(List.of(hidden)).read();

    assertThat(only(snapshot, ".jobs").jobs()).hasSize(1);
  }

  @Test
  void aPathThatIsMissingMakesTheWholeIncomplete() throws IOException {
    write("a.hcl", SPEC);

    Snapshot snapshot = new SpecPaths(List.of(top, top.resolve("gone"))).read();

    assertThat(snapshot.complete()).isFalse();
    assertThat(snapshot.problems())
        .extracting(Problem::toString)
        .containsExactly(top.resolve("gone") + ":1:1: there is no such file or directory");
    assertThat(sources(snapshot)).containsExactly("a.hcl");
  }

  @Test
  void aDirectoryThatCannotBeListedMakesTheWholeIncomplete() throws IOException {
    assumeFalse(System.getProperty("user.name").equals("root"), "root lists every directory");
    write("a.hcl", SPEC);
    Path locked = Files.createDirectory(top.resolve("locked"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));

    Snapshot snapshot = read();

    assertThat(snapshot.complete()).isFalse();
    assertThat(snapshot.problems().toString()).contains("cannot be listed");
  }

  @Test
  void whatIsTooDeepIsUnknownNotGone() throws IOException {
    write("d/".repeat(40) + "x.hcl", SPEC);
    write("a.hcl", SPEC);

    Snapshot snapshot = read();

    assertThat(snapshot.complete()).isFalse();
    assertThat(snapshot.problems().toString()).contains("deeper than 32");
    assertThat(sources(snapshot)).containsExactly("a.hcl");
  }

  @Test
  void aLinkBackToADirectoryAboveIsAProblemOfItsOwn() throws IOException {
    write("a.hcl", SPEC);
    write("sub/b.hcl", SPEC);
    Files.createSymbolicLink(top.resolve("sub/loop"), top);

    Snapshot snapshot = read();

    assertThat(sources(snapshot)).containsExactlyInAnyOrder("a.hcl", "sub/b.hcl", "sub/loop");
    assertThat(problem(snapshot, "sub/loop").message()).contains("leads back to");
    assertThat(snapshot.complete()).isTrue();
  }

  @Test
  void aFileThatLinksToItselfIsAProblemOfItsOwn() throws IOException {
    write("a.hcl", SPEC);
    Files.createSymbolicLink(top.resolve("b.hcl"), Path.of("c.hcl"));
    Files.createSymbolicLink(top.resolve("c.hcl"), Path.of("b.hcl"));

    Snapshot snapshot = read();

    assertThat(problem(snapshot, "b.hcl").message()).isEqualTo("a link that leads back to itself");
    assertThat(only(snapshot, "a.hcl").jobs()).hasSize(1);
  }

  @Test
  void aLinkThatLeadsNowhereIsAProblemOfItsOwn() throws IOException {
    write("a.hcl", SPEC);
    Files.createSymbolicLink(top.resolve("b.hcl"), Path.of("nowhere"));

    Snapshot snapshot = read();

    assertThat(problem(snapshot, "b.hcl").message()).contains("leads nowhere");
    assertThat(only(snapshot, "a.hcl").jobs()).hasSize(1);
  }

  @Test
  void aLinkToAFileElsewhereIsRead() throws IOException {
    Path elsewhere = write(".real/a.hcl", SPEC);
    Files.createSymbolicLink(top.resolve("b.hcl"), elsewhere);

    assertThat(only(read(), "b.hcl").jobs()).hasSize(1);
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = top.resolve("pipe.hcl");
    Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(mkfifo.waitFor(20, TimeUnit.SECONDS)).isTrue();
    write("a.hcl", SPEC);

    Snapshot snapshot = read();

    assertThat(problem(snapshot, "pipe.hcl").message()).contains("no regular file");
    assertThat(only(snapshot, "a.hcl").jobs()).hasSize(1);
  }

  @Test
  void whatIsNotUtf8IsAProblemWhereItBegins() throws IOException {
    Path file = top.resolve("a.hcl");
    Files.write(file, "job \"ü\" {\n  # \u00fc here: ".getBytes(StandardCharsets.UTF_8));
    Files.write(file, new byte[] {(byte) 0xfc, '\n', '}'}, StandardOpenOption.APPEND);

    Problem problem = problem(read(), "a.hcl");

    assertThat(problem)
        .isEqualTo(new Problem(file.toString(), "", new Place(2, 13), "not UTF-8 text"));
  }

  @Test
  void aCharacterThatIsCutOffIsNotUtf8Either() throws IOException {
    Files.write(top.resolve("a.hcl"), new byte[] {'#', ' ', (byte) 0xe2, (byte) 0x82});

    assertThat(problem(read(), "a.hcl").place()).isEqualTo(new Place(1, 3));
  }

  @Test
  void whatIsTooLargeIsNotRead() throws IOException {
    Path file = write("a.hcl", "#");
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.position(9L * 1024 * 1024).write(java.nio.ByteBuffer.wrap(new byte[] {'#'}));
    }

    assertThat(problem(read(), "a.hcl").message()).contains("larger than 8 MB");
  }

  @Test
  void aFileThatIsUnchangedIsNotParsedAgain() throws IOException {
    write("a.hcl", SPEC);
    write("b.hcl", SPEC);
    SpecPaths paths = new SpecPaths(List.of(top));
    Snapshot first = paths.read();
    write("b.hcl", SPEC.replace("web", "cart"));
    write("a.hcl", SPEC);

    Snapshot second = paths.read();

    assertThat(only(second, "a.hcl").jobs()).isSameAs(only(first, "a.hcl").jobs());
    assertThat(only(second, "b.hcl").jobs()).isNotEqualTo(only(first, "b.hcl").jobs());
  }

  @Test
  void aFileThatIsGoneIsGone() throws IOException {
    Path file = write("a.hcl", SPEC);
    SpecPaths paths = new SpecPaths(List.of(top));
    paths.read();
    Files.delete(file);

    assertThat(paths.read()).isEqualTo(new Snapshot(List.of(), true, List.of()));
  }
}
