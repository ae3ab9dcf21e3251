/** The library's front door: everything below wired together. */
package dev.connectbridge;
