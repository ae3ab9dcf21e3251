package dev.connectbridge.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
  private final List<String> seen = new ArrayList<>();

  @Test
  void eachPieceIsToldWithItsStream() throws IOException {
    read(new Buffer().write(frame(1, "a")).write(frame(2, "b")).write(frame(0, "")));

    assertThat(seen).containsExactly("out a", "err b", "out ", "pause");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 10})
  void aPieceThatIsCutShortIsNotTold(int bytes) throws IOException {
    read(new Buffer().write(frame(1, "a")).write(frame(2, "bcd").substring(0, bytes)));

    assertThat(seen).containsExactly("out a");
  }

  @Test
  void aStreamWithoutHeadsIsRefusedAndNotReadIntoMemory() {
    Buffer text = new Buffer().writeUtf8("HTTP/1.1 is no frame at all");

    assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
  }

  private void read(Buffer source) throws IOException {
    new Frames(source)
        .forEach(
            new Frames.Each() {
              @Override
              public void frame(boolean isError, ByteString bytes) {
                seen.add((isError ? "err " : "out ") + bytes.utf8());
              }

              @Override
              public void pause() {
                seen.add("pause");
              }
            });
  }

  private static ByteString frame(int stream, String text) {
    ByteString bytes = ByteString.encodeUtf8(text);
    return new Buffer()
        .writeByte(stream)
        .writeByte(0)
        .writeShort(0)
        .writeInt(bytes.size())
        .write(bytes)
        .readByteString();
  }
}
