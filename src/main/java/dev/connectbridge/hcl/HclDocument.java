package dev.connectbridge.hcl;

import dev.connectbridge.spec.Problem;
import java.util.List;

/**
 * What a text was read as. With problems the body holds what could be understood nevertheless.
 *
 * @param body the top of the file
 * @param complete whether everything that is written is in the body, so that whatever is wrong lies
 *     in values, which are unknown there
 * @param problems what is not HCL, or not the part of it that is understood
 * @param warnings habits of HCL1 that were accepted
 */
public record HclDocument(
    HclBody body, boolean complete, List<Problem> problems, List<Problem> warnings) {
  public HclDocument {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }
}
