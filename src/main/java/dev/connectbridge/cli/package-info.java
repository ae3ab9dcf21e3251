/** The commands: what is typed, what is printed, and what a shell is told at the end. */
package dev.connectbridge.cli;
