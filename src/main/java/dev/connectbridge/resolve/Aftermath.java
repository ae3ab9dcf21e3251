package dev.connectbridge.resolve;

import dev.connectbridge.spec.Problem;
import java.util.List;
import java.util.regex.Pattern;

/** What the problems of reading a job may bring about later, so that nobody is told twice. */
final class Aftermath {
  private static final String SERVICE = ".service[";

  /** What a job or a group may say without any meaning for its services. */
  private static final Pattern APART =
      Pattern.compile(
          "(affinity|all_at_once|constraint|count|datacenters|disconnect|ephemeral_disk"
              + "|max_client_disconnect|migrate|parameterized|periodic|priority|reschedule|restart"
              + "|scaling|shutdown_delay|spread|stop_after_client_disconnect|stop_on_client_disconnect"
              + "|update)([.\\[].*)?");

  private static final String GROUP = ".group.";

  private final List<String> paths;

  Aftermath(List<Problem> problems) {
    paths = problems.stream().map(Problem::path).toList();
  }

  /**
   * Returns whether a later problem may be there only because of an earlier one: of the same block,
   * or of one around or inside of it. What is wrong outside of all services may mean anything, but
   * not to another group, and some of it means nothing to any.
   */
  boolean mayExplain(Problem later) {
    int end = later.path().lastIndexOf('.');
    String block = end < 0 ? later.path() : later.path().substring(0, end);
    return paths.stream()
        .anyMatch(
            path ->
                path.startsWith(block)
                    || later.path().startsWith(path)
                    || (!path.contains(SERVICE) && reaches(path, later.path())));
  }

  /** Returns whether what is wrong outside of all services may mean something to a place. */
  private static boolean reaches(String path, String later) {
    int service = later.indexOf(SERVICE);
    if (service < 0) {
      return true;
    }
    String group = later.substring(0, service);
    String job = group.substring(0, Math.max(0, group.indexOf(GROUP)));
    if (path.startsWith(group + ".")) {
      return !APART.matcher(path.substring(group.length() + 1)).matches();
    }
    boolean elsewhere = path.startsWith(job + GROUP);
    boolean inJob = !job.isEmpty() && path.startsWith(job + ".");
    return !elsewhere && !(inJob && APART.matcher(path.substring(job.length() + 1)).matches());
  }
}
