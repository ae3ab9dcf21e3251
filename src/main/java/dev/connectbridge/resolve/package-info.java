/** Admitted groups and the node they run on become the registrations that Consul should hold. */
package dev.connectbridge.resolve;
