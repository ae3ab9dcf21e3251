package dev.connectbridge.plan;

import dev.connectbridge.plan.Change.FieldChange;
import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A gateway's configuration entry that is not as it is wanted. It belongs to the whole cluster, so
 * it is written where there is none and where the one there is the same owner's, never removed, and
 * otherwise left alone.
 *
 * @param wanted what is wanted
 * @param held what the cluster holds
 */
public record EntryChange(ConfigEntry wanted, Optional<HeldEntry> held) {

  /**
   * What is compared. A newer Consul shows more, which is its own: it is no difference, and writing
   * would not end it.
   */
  private static final Set<String> KNOWN =
      Set.of(
          "TLS",
          "Enabled",
          "TLSMinVersion",
          "TLSMaxVersion",
          "CipherSuites",
          "SDS",
          "ClusterName",
          "CertResource",
          "Listeners",
          "Port",
          "Protocol",
          "Services",
          "Name",
          "Hosts",
          "RequestHeaders",
          "ResponseHeaders",
          "Add",
          "Set",
          "Remove",
          "MaxConnections",
          "MaxPendingRequests",
          "MaxConcurrentRequests",
          "CAFile",
          "CertFile",
          "KeyFile",
          "SNI");

  private static final Set<String> HEADERS = Set.of("Add", "Set");

  /** Returns the change that there is to be made, or to be told; empty when there is none. */
  static Optional<EntryChange> between(ConfigEntry wanted, Optional<HeldEntry> held) {
    EntryChange change = new EntryChange(wanted, held);
    return held.isPresent() && change.fields().isEmpty() ? Optional.empty() : Optional.of(change);
  }

  /** Returns whether the entry that is there is the owner's, or there is none. */
  boolean isOurs(String owner) {
    return held.isEmpty() || held.get().owner().equals(Optional.of(owner));
  }

  /** Returns the fields that differ, by path. */
  public List<FieldChange> fields() {
    SortedMap<String, String> before =
        held.map(there -> flat(there.body())).orElseGet(TreeMap::new);
    SortedMap<String, String> after = flat(wanted.body());
    SortedSet<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    List<FieldChange> changes = new ArrayList<>();
    for (String path : paths) {
      FieldChange change =
          new FieldChange(
              path, Optional.ofNullable(before.get(path)), Optional.ofNullable(after.get(path)));
      if (!change.before().equals(change.after())) {
        changes.add(change);
      }
    }
    return changes;
  }

  private static SortedMap<String, String> flat(Map<String, Value> body) {
    SortedMap<String, String> fields = new TreeMap<>();
    members("", body, false, fields);
    return fields;
  }

  private static void members(
      String path, Map<String, Value> members, boolean free, SortedMap<String, String> fields) {
    members.forEach(
        (name, value) -> {
          if (free || KNOWN.contains(name)) {
            String inside = path.isEmpty() ? name : path + "." + name;
            put(inside, value, HEADERS.contains(name), fields);
          }
        });
  }

  /** What says nothing, as Go leaves it out, is left out here too. */
  private static void put(
      String path, Value value, boolean free, SortedMap<String, String> fields) {
    if (value instanceof Value.Entries entries) {
      members(path, entries.entries(), free, fields);
    } else if (value instanceof Value.Items items) {
      for (int i = 0; i < items.items().size(); i++) {
        put(path + "[" + i + "]", items.items().get(i), free, fields);
      }
    } else {
      String text = text(value);
      if (!text.isEmpty()) {
        fields.put(path, text);
      }
    }
  }

  private static String text(Value value) {
    if (value instanceof Value.Text text) {
      return text.text().isEmpty() ? "" : '"' + text.text() + '"';
    }
    if (value instanceof Value.Num num) {
      return num.number().signum() == 0 ? "" : num.number().toPlainString();
    }
    return value instanceof Value.Bool flag && flag.flag() ? "true" : "";
  }
}
