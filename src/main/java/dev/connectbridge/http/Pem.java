package dev.connectbridge.http;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okio.ByteString;

/**
 * A block of a PEM text.
 *
 * @param label what it says it is, {@code CERTIFICATE} for instance
 * @param der its bytes
 */
record Pem(String label, ByteString der) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  /** Returns the blocks of a text in their order; whatever stands between them is passed over. */
  static List<Pem> in(String text) {
    List<Pem> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      String headers = matcher.group(2).contains(":") ? " ENCRYPTED" : "";
      blocks.add(new Pem(matcher.group(1) + headers, decoded(matcher.group(2), headers)));
    }
    return blocks;
  }

  private static ByteString decoded(String body, String headers) {
    try {
      return headers.isEmpty()
          ? ByteString.of(Base64.getMimeDecoder().decode(body))
          : ByteString.EMPTY;
    } catch (IllegalArgumentException e) {
      return ByteString.EMPTY; // the decoder would quote it
    }
  }
}
