/** What several rooms' tests stand on: a real Consul, and a proxy that counts. */
package dev.connectbridge.testing;
