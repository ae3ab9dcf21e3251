/** The local Consul agent, and nothing else on the network. */
package dev.connectbridge.consul;
