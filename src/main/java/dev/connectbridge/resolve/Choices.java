package dev.connectbridge.resolve;

/**
 * What an operator decides about the meaning of specs: a value, all of it off unless said.
 *
 * @param anyDatacenter whether jobs of other datacenters are taken as well
 * @param nomadCompatibleDefaults whether a {@code sidecar_task} block resets what it leaves open to
 *     the defaults of an ordinary task, as Nomad does
 * @param envoyStatsTags whether proxies are told to put job, group, namespace and allocation into
 *     their statistics
 * @param ownGroupNetworks whether the groups of plain jobs have networks of their own; else they
 *     share the host's
 */
public record Choices(
    boolean anyDatacenter,
    boolean nomadCompatibleDefaults,
    boolean envoyStatsTags,
    boolean ownGroupNetworks) {

  /** Nothing was decided. */
  public static final Choices NONE = new Choices(false, false, false, false);
}
