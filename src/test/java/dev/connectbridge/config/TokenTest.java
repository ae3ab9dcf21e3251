package dev.connectbridge.config;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.spec.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
