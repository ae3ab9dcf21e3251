/** The socket by which a running daemon is asked: its two ends, and the words between them. */
package dev.connectbridge.control;
