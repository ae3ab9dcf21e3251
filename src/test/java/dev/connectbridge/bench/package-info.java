/**
 * Measurements, each beside its rival in one run. The default build runs one quick round of each.
 */
package dev.connectbridge.bench;
