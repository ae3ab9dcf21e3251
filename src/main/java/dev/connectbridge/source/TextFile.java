package dev.connectbridge.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is in a file.
 *
 * @param text its text; empty when there is a problem
 * @param problem why it has none
 */
record TextFile(String text, Optional<Problem> problem) {
  private static final int LARGEST = 8 * 1024 * 1024;

  static TextFile read(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        return broken(file, "larger than 8 MB: this is no job spec");
      }
      byte[] bytes = Files.readAllBytes(file);
      CharBuffer text = CharBuffer.allocate(bytes.length);
      CoderResult result = decode(bytes, text);
      text.flip();
      return result.isError()
          ? new TextFile("", Optional.of(notUtf8(file, text)))
          : new TextFile(text.toString(), Optional.empty());
    } catch (NoSuchFileException e) {
      return broken(file, "a link that leads nowhere, or the file has just gone");
    } catch (AccessDeniedException e) {
      return broken(file, "may not be read by this user");
    } catch (IOException e) {
      return broken(
          file,
          Files.isSymbolicLink(file) && !Files.exists(file)
              ? "a link that leads back to itself"
              : "cannot be read: " + e.getMessage());
    }
  }

  private static CoderResult decode(byte[] bytes, CharBuffer text) {
    return UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(bytes), text, true);
  }

  private static Problem notUtf8(Path file, CharBuffer before) {
    String[] lines = before.toString().split("\n", -1);
    String last = lines[lines.length - 1];
    Place place = new Place(lines.length, last.codePointCount(0, last.length()) + 1);
    return new Problem(file.toString(), "", place, "not UTF-8 text");
  }

  private static TextFile broken(Path file, String why) {
    return new TextFile("", Optional.of(new Problem(file.toString(), "", new Place(1, 1), why)));
  }
}
