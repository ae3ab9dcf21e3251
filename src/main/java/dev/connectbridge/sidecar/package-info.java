/** The tasks of proxies: what a driver must do, and what all drivers share. */
package dev.connectbridge.sidecar;
