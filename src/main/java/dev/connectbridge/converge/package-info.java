/** How far the world has followed what is wanted: a 200 from the agent is not yet proof. */
package dev.connectbridge.converge;
