package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * Something that was looked at.
 *
 * @param name what it is
 * @param verdict how it is
 * @param found what was found
 * @param advice what to do; empty when it is well
 */
record Symptom(String name, Verdict verdict, String found, String advice) {

  /** How it is. */
  enum Verdict {
    /** Well. */
    OK,
    /** The daemon can work, but somebody should look. */
    WARN,
    /** The daemon cannot do what it is to do. */
    FAIL
  }

  static Symptom ok(String name, String found) {
    return new Symptom(name, Verdict.OK, found, "");
  }

  static Symptom warn(String name, String found, String advice) {
    return new Symptom(name, Verdict.WARN, found, advice);
  }

  static Symptom fail(String name, String found, String advice) {
    return new Symptom(name, Verdict.FAIL, found, advice);
  }

  static boolean isWell(List<Symptom> symptoms) {
    return symptoms.stream().noneMatch(symptom -> symptom.verdict() == Verdict.FAIL);
  }

  static String text(List<Symptom> symptoms) {
    StringBuilder text = new StringBuilder();
    for (Symptom symptom : symptoms) {
      text.append("%-4s  %s: %s%n".formatted(symptom.verdict(), symptom.name(), symptom.found()));
      if (!symptom.advice().isEmpty()) {
        text.append(symptom.advice().indent(6));
      }
    }
    long failed = symptoms.stream().filter(one -> one.verdict() == Verdict.FAIL).count();
    long doubtful = symptoms.stream().filter(one -> one.verdict() == Verdict.WARN).count();
    return text.append('\n')
        .append(Lines.count(symptoms.size(), "check"))
        .append(", ")
        .append(failed)
        .append(" failed, ")
        .append(Lines.count(doubtful, "warning"))
        .append('\n')
        .toString();
  }

  static ObjectNode document(List<Symptom> symptoms) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    ArrayNode checks = document.putArray("checks");
    for (Symptom symptom : symptoms) {
      checks
          .addObject()
          .put("name", symptom.name())
          .put("verdict", symptom.verdict().name().toLowerCase(Locale.ROOT))
          .put("found", symptom.found())
          .put("advice", symptom.advice());
    }
    return document.put("ok", isWell(symptoms));
  }
}
