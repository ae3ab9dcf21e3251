package dev.connectbridge.resolve;

import dev.connectbridge.admit.Admission;
import dev.connectbridge.admit.ConnectKind;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What runs a proxy where its spec does not say: the operator's choice, all of it in one place. */
final class ProxyChoice {
  private static final String RAW_EXEC = "raw_exec";
  private static final String IMAGE = "${meta.connect.sidecar_image}";

  private final SidecarTask choice;
  private final TaskSpec merged;
  private final boolean gateway;

  ProxyChoice(Choices choices, GroupSpec group, TaskSpec merged, ConnectKind kind) {
    this.choice =
        Admission.isUnsaid(group, merged) ? choices.defaultSidecarTask() : SidecarTask.NOMAD;
    this.merged = merged;
    this.gateway = kind.isGateway();
  }

  /** Returns the task with the driver chosen; it is not filled in yet. */
  TaskSpec taskFor(ServiceId service) {
    return switch (choice) {
      case NOMAD -> merged;
      case BUILTIN -> gateway ? merged : merged.withDriver(RAW_EXEC, builtin(service));
      case ENVOY -> merged.withDriver(RAW_EXEC, envoy(merged));
    };
  }

  private static Map<String, Value> builtin(ServiceId service) {
    return command("consul", texts("connect", "proxy", "-sidecar-for", service.value()));
  }

  /** Hot restart is off, so that no two of them need a base ID of their own. */
  private static Map<String, Value> envoy(TaskSpec merged) {
    return command("envoy", merged.config().get("args"));
  }

  private static Map<String, Value> command(String command, Value args) {
    Map<String, Value> config = new LinkedHashMap<>();
    config.put("command", new Value.Text(command));
    config.put("args", args);
    return config;
  }

  private static Value texts(String... texts) {
    return new Value.Items(List.of(texts).stream().<Value>map(Value.Text::new).toList());
  }

  /** Returns whether the bridge itself chose the proxy that asks the agent. */
  boolean asksAgent() {
    return choice == SidecarTask.BUILTIN && !gateway;
  }

  /** Returns whether a task, chosen or written, runs Consul's built-in proxy. */
  static boolean isBuiltin(TaskSpec task) {
    return task.config().get("command") instanceof Value.Text command
        && (command.text().equals("consul") || command.text().endsWith("/consul"))
        && task.config().get("args") instanceof Value.Items args
        && args.items().size() > 1
        && args.items().subList(0, 2).equals(((Value.Items) texts("connect", "proxy")).items());
  }

  /** Returns why a task cannot run; what is unknown in a text that may hold anything is no why. */
  List<Problem> problems(TaskSpec filled) {
    if (choice == SidecarTask.BUILTIN && gateway) {
      return List.of(
          merged
              .origin()
              .problem(
                  "default_sidecar_task is builtin, and Consul's built-in proxy cannot be a"
                      + " gateway; say a driver in a sidecar_task, or let it be envoy"));
    }
    List<Problem> problems = new ArrayList<>();
    unknown(filled, "driver", filled.driver(), problems);
    unknown(filled, "user", filled.user(), problems);
    unknown(filled, "kill_signal", filled.killSignal(), problems);
    for (String key : List.of("image", "command")) {
      if (filled.config().get(key) instanceof Value.Text text) {
        unknown(filled, key, text.text(), problems);
      }
    }
    return problems;
  }

  private static void unknown(TaskSpec task, String key, String text, List<Problem> problems) {
    if (text.equals(IMAGE)) {
      problems.add(
          task.origin()
              .problem(
                  "no image for the proxy: this node has no meta connect.sidecar_image; say it under"
                      + " node.meta, an image in a sidecar_task, or let default_sidecar_task be"
                      + " builtin or envoy"));
      return;
    }
    for (String reference : Launch.unknownIn(text)) {
      problems.add(task.origin().problem(key, "%s is not known on this node".formatted(reference)));
    }
  }
}
