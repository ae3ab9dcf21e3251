/** Who of several bridges of one owner writes: the lock, the epoch, and waiting for one's turn. */
package dev.connectbridge.writer;
