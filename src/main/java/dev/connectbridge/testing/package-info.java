/**
 * A Consul agent in memory, for those who test against one: a state machine with a time of its own,
 * that answers as Consul 1.8.7 was seen to answer, or as a newer one does.
 */
package dev.connectbridge.testing;
