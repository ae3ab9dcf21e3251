package dev.connectbridge.resolve;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** The text of {@link Marks#ports}: which port stands behind which label. */
final class PortsMark {
  /** Consul 1.8.7 takes at most 512 bytes in a Meta value. */
  private static final int LONGEST = 512;

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
      if (port.isPresent() && label.matches("[A-Za-z0-9._-]+")) {
        String pair = label + ":" + port.get().value();
        length += pair.length() + 1;
        if (length <= LONGEST) {
          pairs.add(pair);
        }
      }
    }
    return String.join(",", pairs);
  }

  /** Returns the ports that held registrations of an owner remember, by key. */
  static SortedMap<String, Integer> remembered(Observed observed, String owner) {
    SortedMap<String, Integer> ports = new TreeMap<>();
    for (Registration held : observed.registrations()) {
      if (held.marks().owner().equals(owner)) {
        String rest = held.id().value().substring(ServiceId.PREFIX.length());
        String allocation = rest.substring(0, Math.max(0, rest.indexOf('.')));
        for (String pair : held.marks().ports().split(",", -1)) {
          int colon = pair.lastIndexOf(':');
          if (colon > 0 && pair.substring(colon + 1).matches("[0-9]{1,5}")) {
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
