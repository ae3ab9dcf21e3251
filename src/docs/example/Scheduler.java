import dev.connectbridge.Bridge;
import dev.connectbridge.ResolvedGroup;
import dev.connectbridge.plan.PlanText;
import dev.connectbridge.source.JobList;
import dev.connectbridge.spec.JobSpec;
import java.time.Duration;
import java.util.List;

/**
 * A scheduler in one file: it has placed two groups on this machine, hands them over, and lets the
 * bridge keep the agent at that until Enter is pressed. Its one argument says where the agent is.
 */
public final class Scheduler {
  private Scheduler() {}

  /** Runs until a line, or the end, comes on standard input. */
  public static void main(String[] args) throws Exception {
    JobList groups = new JobList("scheduler");
    groups.replace(List.of(api()));
    try (Bridge bridge =
        Bridge.builder().consul(args[0]).owner("example").source(groups).build()) {
      System.out.print(PlanText.of(bridge.plan().plan()));
      bridge.start();
      groups.replace(List.of(api(), dashboard()));
      System.out.println("The agent is kept at two groups; Enter ends it.");
      if (System.in.read() < 0) {
        System.out.println("Nobody is there to press Enter.");
      }
    }
    System.out.println("Both are deregistered.");
  }

  private static JobSpec api() {
    return ResolvedGroup.of("countdash", "api")
        .allocation("b1946ac9-2a51-4f7e-9f4c-3a1d6b1e7c55", 0)
        .hostAddress("127.0.0.1")
        .port("http", 23001, 9001)
        .shutdownDelay(Duration.ofSeconds(2))
        .service(
            "count-api",
            "http",
            service ->
                service
                    .tags("v1")
                    .meta("team", "counters")
                    .httpCheck("/health", Duration.ofSeconds(10), Duration.ofSeconds(2))
                    .sidecar(23002))
        .build();
  }

  private static JobSpec dashboard() {
    return ResolvedGroup.of("countdash", "dashboard")
        .allocation("5f0c2f4e-7d0a-4c57-8a3b-0f4c9f1f6d21", 0)
        .hostAddress("127.0.0.1")
        .service(
            "count-dashboard",
            "9002",
            service -> service.sidecar(23003, sidecar -> sidecar.upstream("count-api", 8080)))
        .build();
  }
}
