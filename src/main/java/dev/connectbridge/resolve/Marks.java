package dev.connectbridge.resolve;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The ownership marks that a registration carries in its Meta, on the service and on its sidecar.
 *
 * @param owner whose it is: the {@code owner} of the configuration
 * @param group the instance it belongs to, {@code job.group[index]}
 * @param source the file that asked for it, relative to the directory given
 * @param hash the hash over the registration without its marks; tells what cannot be read back
 * @param ports the host ports behind the port labels that the service uses, {@code label:port}
 *     separated by commas, so that they are the same after a restart
 */
public record Marks(String owner, String group, String source, String hash, String ports) {

  /** The version of the marks' own form. */
  public static final String SCHEMA = "1";

  /** The Meta key that tells every Consul user where an entry came from. */
  public static final String EXTERNAL_SOURCE = "external-source";

  /** What we put there. */
  public static final String CONNECT_BRIDGE = "connect-bridge";

  private static final String PREFIX = "connect-bridge-";
  private static final String OWNER = PREFIX + "owner";
  private static final String GROUP = PREFIX + "group";
  private static final String SOURCE = PREFIX + "source";
  private static final String HASH = PREFIX + "hash";
  private static final String PORTS = PREFIX + "ports";
  private static final String SCHEMA_KEY = PREFIX + "schema";
  private static final String EPOCH = PREFIX + "epoch";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /** Returns whether a Meta key is one of ours, so that no spec may set it. */
  public static boolean isMark(String key) {
    return key.startsWith(PREFIX);
  }

  /** Returns the marks that a Meta holds; empty when one that ownership rests on is missing. */
  public static Optional<Marks> in(Map<String, String> meta) {
    if (!SCHEMA.equals(meta.get(SCHEMA_KEY))
        || !meta.containsKey(OWNER)
        || !meta.containsKey(GROUP)
        || !meta.containsKey(SOURCE)
        || !meta.containsKey(HASH)) {
      return Optional.empty();
    }
    return Optional.of(
        new Marks(
            meta.get(OWNER),
            meta.get(GROUP),
            meta.get(SOURCE),
            meta.get(HASH),
            meta.getOrDefault(PORTS, "")));
  }

  /** Returns the Meta to send: the user's pairs, the marks, and {@code external-source}. */
  public SortedMap<String, String> over(Map<String, String> userMeta) {
    SortedMap<String, String> meta = new TreeMap<>(userMeta);
    meta.put(EXTERNAL_SOURCE, CONNECT_BRIDGE);
    meta.put(OWNER, owner);
    meta.put(GROUP, group);
    meta.put(SOURCE, source);
    meta.put(HASH, hash);
    meta.put(SCHEMA_KEY, SCHEMA);
    if (!ports.isEmpty()) {
      meta.put(PORTS, ports);
    }
    return meta;
  }

  /**
   * Returns which of its owner's writers, counted as they took over from each other, has written a
   * Meta; 0 when that is not said. No mark that is compared: who writes next tells it anew.
   */
  public static long epochIn(Map<String, String> meta) {
    String said = meta.getOrDefault(EPOCH, "");
    return NUMBER.matcher(said).matches() ? Long.parseLong(said) : 0;
  }

  /** Returns the pair of a Meta that says which of its owner's writers has written it. */
  public static Map.Entry<String, String> ofEpoch(long epoch) {
    return Map.entry(EPOCH, Long.toString(epoch));
  }

  /** Returns the Meta that marks a configuration entry, which is no instance's. */
  static SortedMap<String, String> ofEntry(String owner, String source) {
    SortedMap<String, String> meta = new TreeMap<>();
    meta.put(EXTERNAL_SOURCE, CONNECT_BRIDGE);
    meta.put(OWNER, owner);
    meta.put(SOURCE, source);
    meta.put(SCHEMA_KEY, SCHEMA);
    return meta;
  }

  /** Returns the owner that the Meta of a configuration entry names. */
  static Optional<String> ownerOfEntry(Map<String, String> meta) {
    return SCHEMA.equals(meta.get(SCHEMA_KEY))
        ? Optional.ofNullable(meta.get(OWNER))
        : Optional.empty();
  }

  /** Returns the user's own pairs of a Meta that the agent holds. */
  public static SortedMap<String, String> without(Map<String, String> meta) {
    SortedMap<String, String> user = new TreeMap<>(meta);
    user.keySet().removeIf(Marks::isMark);
    user.remove(EXTERNAL_SOURCE);
    return user;
  }

  /** Returns the same marks with a hash. */
  public Marks withHash(String newHash) {
    return new Marks(owner, group, source, newHash, ports);
  }
}
