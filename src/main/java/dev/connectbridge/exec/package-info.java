/** The driver that runs a proxy as a process of this machine. */
package dev.connectbridge.exec;
