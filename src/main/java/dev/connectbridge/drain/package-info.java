/** How a group leaves: what is due, what was proven, when the signal may go. Pure. */
package dev.connectbridge.drain;
