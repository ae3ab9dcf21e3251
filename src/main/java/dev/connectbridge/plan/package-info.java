/** Desired minus observed: what would change at the agent, and why. Pure. */
package dev.connectbridge.plan;
