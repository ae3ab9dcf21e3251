package dev.connectbridge.docker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.spec.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One key of a task's {@code config}, written into the draft of its container. */
@FunctionalInterface
interface ConfigOption {

  /** Writes the value; one that cannot be is an IllegalArgumentException that does not quote it. */
  void write(Value value, Draft draft);

  /** Returns all that can be written, by name. */
  static Map<String, ConfigOption> all() {
    Map<String, ConfigOption> all = new LinkedHashMap<>();
    process(all);
    all.put("labels", (value, draft) -> labels(Words.map(value), draft));
    all.put("volumes", (value, draft) -> Draft.list(draft.host(), "Binds", binds(value, draft)));
    all.put("extra_hosts", hostList("ExtraHosts"));
    all.put("dns_servers", hostList("Dns"));
    all.put("dns_search_domains", hostList("DnsSearch"));
    all.put("dns_options", hostList("DnsOptions"));
    all.put("cap_add", hostList("CapAdd"));
    all.put("cap_drop", hostList("CapDrop"));
    all.put("security_opt", hostList("SecurityOpt"));
    all.put("group_add", hostList("GroupAdd"));
    all.put("network_mode", hostText("NetworkMode"));
    all.put("pid_mode", hostText("PidMode"));
    all.put("ipc_mode", hostText("IpcMode"));
    all.put("uts_mode", hostText("UTSMode"));
    all.put("userns_mode", hostText("UsernsMode"));
    all.put("runtime", hostText("Runtime"));
    all.put("privileged", hostFlag("Privileged"));
    all.put("readonly_rootfs", hostFlag("ReadonlyRootfs"));
    all.put("init", hostFlag("Init"));
    all.put("shm_size", hostNumber("ShmSize"));
    all.put("pids_limit", hostNumber("PidsLimit"));
    all.put("ulimit", (value, draft) -> ulimits(Words.map(value), draft));
    all.put("sysctl", (value, draft) -> Draft.map(draft.host(), "Sysctls", Words.map(value)));
    return all;
  }

  private static void process(Map<String, ConfigOption> all) {
    all.put("image", (value, draft) -> draft.top().put("Image", ImageName.of(Words.text(value))));
    // The engine has one list for what Nomad writes in two words; a command stands first.
    all.put("command", (value, draft) -> command(draft).insert(0, Words.text(value)));
    all.put("args", (value, draft) -> Words.list(value).forEach(command(draft)::add));
    all.put(
        "entrypoint",
        (value, draft) ->
            Draft.list(
                draft.top(),
                "Entrypoint",
                value instanceof Value.Text text ? List.of(text.text()) : Words.list(value)));
    all.put("hostname", (value, draft) -> draft.top().put("Hostname", Words.text(value)));
    all.put("work_dir", (value, draft) -> draft.top().put("WorkingDir", Words.text(value)));
  }

  private static ArrayNode command(Draft draft) {
    return draft.top().withArray("/Cmd");
  }

  private static ConfigOption hostText(String key) {
    return (value, draft) -> draft.host().put(key, Words.text(value));
  }

  private static ConfigOption hostFlag(String key) {
    return (value, draft) -> draft.host().put(key, Words.flag(value));
  }

  private static ConfigOption hostNumber(String key) {
    return (value, draft) -> draft.host().put(key, Words.whole(value));
  }

  private static ConfigOption hostList(String key) {
    return (value, draft) -> Draft.list(draft.host(), key, Words.list(value));
  }

  private static void labels(Map<String, String> labels, Draft draft) {
    if (labels.keySet().stream().anyMatch(name -> name.startsWith(Labels.OURS))) {
      throw new IllegalArgumentException("must not begin with " + Labels.OURS);
    }
    Draft.map(draft.top(), "Labels", labels);
  }

  private static List<String> binds(Value value, Draft draft) {
    return Words.list(value).stream().map(text -> Volume.parse(text, draft.dirs())).toList();
  }

  private static void ulimits(Map<String, String> limits, Draft draft) {
    ArrayNode list = draft.host().putArray("Ulimits");
    limits.forEach(
        (name, text) -> {
          String[] parts = text.split(":", 2);
          ObjectNode limit = list.addObject().put("Name", name);
          limit.put("Soft", Words.whole(parts[0]));
          limit.put("Hard", Words.whole(parts[parts.length - 1]));
        });
  }
}
