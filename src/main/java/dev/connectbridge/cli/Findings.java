package dev.connectbridge.cli;

import dev.connectbridge.spec.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is wrong with one file.
 *
 * @param file its name
 * @param problems what its author must fix
 * @param warnings what its author may not have meant
 */
record Findings(String file, List<Problem> problems, List<Problem> warnings) {
  Findings {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }

  /** Returns the findings by file: first these files, then whichever others are named. */
  static List<Findings> by(List<String> files, List<Problem> problems, List<Problem> warnings) {
    Map<String, List<Problem>> wrong = new LinkedHashMap<>();
    files.forEach(file -> wrong.put(file, new ArrayList<>()));
    problems.forEach(
        each -> wrong.computeIfAbsent(each.file(), any -> new ArrayList<>()).add(each));
    Map<String, List<Problem>> doubtful = new LinkedHashMap<>();
    warnings.forEach(
        each -> {
          wrong.computeIfAbsent(each.file(), any -> new ArrayList<>());
          doubtful.computeIfAbsent(each.file(), any -> new ArrayList<>()).add(each);
        });
    return wrong.entrySet().stream()
        .map(
            entry ->
                new Findings(
                    entry.getKey(),
                    entry.getValue(),
                    doubtful.getOrDefault(entry.getKey(), List.of())))
        .toList();
  }
}
