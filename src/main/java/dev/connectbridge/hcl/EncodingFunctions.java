package dev.connectbridge.hcl;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.hcl.Functions.Table;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions between values and the texts that carry them. */
final class EncodingFunctions {
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

  private EncodingFunctions() {}

  static void add(Table table) {
    table
        .add("base64encode", 1, EncodingFunctions::base64)
        .add("base64decode", 1, EncodingFunctions::fromBase64)
        .add("urlencode", 1, call -> call.answer(url(call.text(0))))
        .add("jsonencode", 1, call -> call.answer(JsonText.of(call.value(0))))
        .add("jsondecode", 1, call -> decoded(call, "json"))
        .add("yamlencode", 1, call -> call.answer(YamlText.of(call.value(0))))
        .add("yamldecode", 1, call -> decoded(call, "yaml"))
        .add("csvdecode", 1, EncodingFunctions::csv);
  }

  private static Node base64(Arguments call) {
    byte[] bytes = call.text(0).getBytes(UTF_8);
    return call.answer(Base64.getEncoder().encodeToString(bytes));
  }

  private static Node fromBase64(Arguments call) {
    try {
      byte[] bytes = Base64.getDecoder().decode(call.text(0).replaceAll("[\r\n]", ""));
      return call.answer(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw call.fault(0, "expected the Base64 of a text in UTF-8");
    }
  }

  private static String url(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : text.getBytes(UTF_8)) {
      if (each == ' ') {
        encoded.append('+');
      } else if (PLAIN.indexOf(each) >= 0) {
        encoded.append((char) each);
      } else {
        encoded.append("%%%02X".formatted(each & 0xff));
      }
    }
    return encoded.toString();
  }

  private static Node decoded(Arguments call, String notation) {
    String text = call.text(0);
    call.steps(text.length());
    try {
      Node found = call.world().decoding().decoded(notation, text);
      return Decoded.at(found, call.place());
    } catch (IllegalArgumentException e) {
      throw call.fault(0, String.valueOf(e.getMessage()));
    }
  }

  private static Node csv(Arguments call) {
    List<List<String>> rows;
    try {
      rows = Csv.rows(call.text(0));
    } catch (IllegalArgumentException e) {
      throw call.fault(0, String.valueOf(e.getMessage()));
    }
    if (rows.isEmpty()) {
      throw call.fault(0, "expected a first line with the names of the columns");
    }
    List<String> names = rows.get(0);
    List<Node> objects = new ArrayList<>();
    for (List<String> row : rows.subList(1, rows.size())) {
      if (row.size() != names.size()) {
        throw call.fault(
            0, "expected %d values in each row, found %d".formatted(names.size(), row.size()));
      }
      call.steps(row.size());
      Map<String, Node> object = new LinkedHashMap<>();
      for (int at = 0; at < row.size(); at++) {
        object.put(names.get(at), call.node(new dev.connectbridge.spec.Value.Text(row.get(at))));
      }
      objects.add(call.answer(object));
    }
    return call.answer(objects);
  }
}
