/**
 * The one way to the agent's HTTP: addresses, unix sockets, TLS, timeouts, and who may see the
 * token.
 */
package dev.connectbridge.http;
