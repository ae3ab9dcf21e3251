package dev.connectbridge.launch;

import dev.connectbridge.spec.Spelling;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What an instance of a group tells whoever starts its application. Its text holds no values.
 *
 * @param file the name of the file that it belongs into, of {@code [A-Za-z0-9._-]}; no other
 *     instance has it
 * @param values what it says, under names that a shell takes
 */
public record GroupEnvironment(String file, SortedMap<String, String> values) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,=-]*");
  private static final int LONGEST = 200;

  public GroupEnvironment {
    SortedMap<String, String> named = new TreeMap<>();
    values.forEach((name, value) -> named.put(Spelling.plain(name, "_", '_'), value));
    values = Collections.unmodifiableSortedMap(named);
  }

  /**
   * Returns the name of an instance's file, {@code job.group.index.env}. Where another instance
   * could have that name as well, something is put behind it that tells them apart.
   *
   * @param plain whether job, group and index alone tell the instance from all others
   * @param key what tells it from all others in any case
   */
  public static String fileName(String job, String group, int index, boolean plain, String key) {
    String told = job + "." + group + "." + index;
    if (plain && told.length() <= LONGEST && isPlain(job, "._-") && isPlain(group, "_-")) {
      return told + ".env";
    }
    String safe = Spelling.plain(told, "._-", '-').replaceFirst("^\\.", "-");
    return safe.substring(0, Math.min(LONGEST, safe.length()))
        + "-"
        + Digest.sha256(key).substring(0, 6)
        + ".env";
  }

  private static boolean isPlain(String name, String others) {
    return !name.isEmpty() && !name.startsWith(".") && Spelling.isPlain(name, others);
  }

  /** Returns the file's text: a variable a line, quoted where a shell or systemd asks for it. */
  public String text() {
    StringBuilder text = new StringBuilder();
    values.forEach(
        (name, value) -> text.append(name).append('=').append(quoted(value)).append('\n'));
    return text.toString();
  }

  private static String quoted(String value) {
    return PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
  }

  @Override
  public String toString() {
    return "environment " + file + " (" + values.size() + " variables)";
  }
}
