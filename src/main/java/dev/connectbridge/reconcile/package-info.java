/** The one thread that makes the agent agree with the source. */
package dev.connectbridge.reconcile;
