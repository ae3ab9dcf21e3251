package dev.connectbridge.config;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.spec.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
  @TempDir private Path temp;
  private Path file;
  private Token token;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(temp.resolve("token"), "one\n");
    token = Token.in(file, Origin.NONE, "token_file", Optional.empty());
  }

  @Test
  void theFileIsReadAgainWhenItChanges() throws IOException {
    assertThat(token.get()).contains("one");

    Files.writeString(file, "two, which is longer\n");
    assertThat(token.get()).contains("two, which is longer");

    Files.move(
        Files.writeString(temp.resolve("new"), "3rd, moved into place"), file, REPLACE_EXISTING);
    assertThat(token.get()).contains("3rd, moved into place");
  }

  /** So Kubernetes changes what it mounts: the file stays the same link to a link. */
  @Test
  void aLinkOnTheWayThatIsSwappedIsFollowed() throws IOException {
    for (String version : List.of("v1", "v2")) {
      Files.writeString(Files.createDirectory(temp.resolve(version)).resolve("token"), version);
    }
    Path data = Files.createSymbolicLink(temp.resolve("..data"), Path.of("v1"));
    Path link = Files.createSymbolicLink(temp.resolve("mounted"), Path.of("..data/token"));
    Token mounted = Token.in(link, Origin.NONE, "token_file", Optional.empty());
    assertThat(mounted.get()).contains("v1");

    Path swapped = Files.createSymbolicLink(temp.resolve("..tmp"), Path.of("v2"));
    Files.move(swapped, data, ATOMIC_MOVE, REPLACE_EXISTING);

    assertThat(mounted.get()).contains("v2");
  }

  @Test
  void theLastGoodTokenStaysWhileThereIsNoOther() throws IOException {
    assertThat(token.get()).contains("one");

    Files.writeString(file, "");
    assertThat(token.get()).contains("one");

    Files.delete(file);
    assertThat(token.get()).contains("one");

    Files.writeString(file, "two");
    assertThat(token.get()).contains("two");
  }

  @Test
  void oneThatIsDemandedIsThereOrItIsSaidWhyNot() throws IOException {
    Files.writeString(file, "");
    assertThatThrownBy(token::demanded).hasRootCauseMessage("the token file " + file + " is empty");
    Files.delete(file);
    assertThatThrownBy(token::demanded)
        .hasRootCauseMessage("the token file %s cannot be read: there is no such file", file);

    Files.writeString(file, "one");
    assertThat(token.demanded()).isEqualTo("one");
    Files.delete(file);
    assertThat(token.demanded()).isEqualTo("one");
  }

  @Test
  void aFileThatIsMissingAtTheStartIsAProblem() throws IOException {
    Files.delete(file);

    assertThat(token.problem())
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .hasToString(
                        "the token file %s cannot be read: there is no such file (token_file)"
                            .formatted(file)));
  }

  @Test
  void aTokenNeverStandsInATextOfItsOwn() {
    token.get();

    assertThat(Token.of("secret")).hasToString("Token[hidden]");
    assertThat(token).hasToString("Token[in %s]".formatted(file));
  }
}
