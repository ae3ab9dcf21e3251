package dev.connectbridge.testing;

/**
 * A job of one group {@code api} and one service behind a proxy, in the words of its author: a
 * value that is changed word by word.
 *
 * @param job the job's name
 * @param service the service's name
 * @param port where it listens
 * @param driver what runs the proxy
 * @param config how, the inside of the block
 * @param group what else stands in the group
 * @param words what else stands in the service
 * @param task what else stands in the proxy's task
 */
public record Proxied(
    String job,
    String service,
    int port,
    String driver,
    String config,
    String group,
    String words,
    String task) {

  /** Returns one that is signalled without delay, and runs by raw_exec. */
  public static Proxied of(String job, String service, int port) {
    return new Proxied(
        job, service, port, "raw_exec", "command = \"proxy\"", "", "", "shutdown_delay = 0");
  }

  /** Returns the same with another driver. */
  public Proxied by(String other) {
    return new Proxied(job, service, port, other, config, group, words, task);
  }

  /** Returns the same with another process. */
  public Proxied running(String inside) {
    return new Proxied(job, service, port, driver, inside, group, words, task);
  }

  /** Returns the same with more in the group. */
  public Proxied inGroup(String lines) {
    return new Proxied(job, service, port, driver, config, lines, words, task);
  }

  /** Returns the same with more in the service. */
  public Proxied inService(String lines) {
    return new Proxied(job, service, port, driver, config, group, lines, task);
  }

  /** Returns the same with other words in the task, that of its delay included. */
  public Proxied inTask(String lines) {
    return new Proxied(job, service, port, driver, config, group, words, lines);
  }

  /** Returns the file. */
  public String hcl() {
    return """
        job "%s" {
          group "api" {
            network { mode = "bridge" }
            %s
            service {
              name = "%s"
              port = "%d"
              %s
              connect {
                sidecar_service {}
                sidecar_task {
                  driver = "%s"
                  config {
                    %s
                  }
                  %s
                }
              }
            }
          }
        }
        """
        .formatted(job, group, service, port, words, driver, config, task);
  }
}
