package dev.connectbridge.resolve;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The text of {@link Marks#ports}: which port stands behind which label. */
final class PortsMark {
  /** Consul 1.8.7 takes at most 512 bytes in a Meta value. */
  private static final int LONGEST = 512;

  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]+");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  private PortsMark() {}

  /** Returns the mark for the labels used; what does not fit is left to the data directory. */
  static String of(Instance instance, SortedSet<String> labels) {
    if (instance.job().allocation().isPresent()) {
      return "";
    }
    List<String> pairs = new ArrayList<>();
    int length = 0;
    for (String label : labels) {
      var port = instance.port(label);
      if (port.isPresent() && LABEL.matcher(label).matches()) {
        String pair = label + ":" + port.get().value();
        length += pair.length() + 1;
        if (length <= LONGEST) {
          pairs.add(pair);
        }
      }
    }
    return String.join(",", pairs);
  }

  /** Returns the ports at which an owner's entries are registered, by allocation. */
  static SortedMap<String, SortedSet<Integer>> held(Observed observed, String owner) {
    SortedMap<String, SortedSet<Integer>> ports = new TreeMap<>();
    for (Registration held : observed.registrations()) {
      if (held.marks().owner().equals(owner)) {
        SortedSet<Integer> own =
            ports.computeIfAbsent(allocation(held.id()), any -> new TreeSet<>());
        own.add(held.port());
        held.sidecar().ifPresent(sidecar -> own.add(sidecar.port()));
      }
    }
    remembered(observed, owner)
        .forEach(
            (key, port) ->
                ports
                    .computeIfAbsent(key.substring(0, key.indexOf('/')), any -> new TreeSet<>())
                    .add(port));
    return ports;
  }

  private static String allocation(ServiceId id) {
    String rest = id.value().substring(ServiceId.PREFIX.length());
    return rest.substring(0, Math.max(0, rest.indexOf('.')));
  }

  /** Returns the ports that held registrations of an owner remember, by key. */
  static SortedMap<String, Integer> remembered(Observed observed, String owner) {
    SortedMap<String, Integer> ports = new TreeMap<>();
    for (Registration held : observed.registrations()) {
      if (held.marks().owner().equals(owner)) {
        String allocation = allocation(held.id());
        for (String pair : held.marks().ports().split(",", -1)) {
          int colon = pair.lastIndexOf(':');
          if (colon > 0 && PORT.matcher(pair.substring(colon + 1)).matches()) {
            ports.put(
                Situation.portKey(allocation, pair.substring(0, colon)),
                Integer.valueOf(pair.substring(colon + 1)));
          }
        }
      }
    }
    return ports;
  }
}
