package dev.connectbridge.converge;

import java.time.Instant;

/**
 * An entry of this owner that Consul's servers hold and the agent does not: the mesh goes on using
 * it, and nobody will ever remove it.
 *
 * @param id its ID
 * @param group the instance it belonged to
 * @param source the file that once asked for it
 * @param since since when it has been seen so
 */
public record Ghost(String id, String group, String source, Instant since) {}
