/** Everything that goes wrong between a bridge and a real Consul, at random. */
package dev.connectbridge.chaos;
