/** This machine: which ports are listened on, and what the bridge keeps on its disk. */
package dev.connectbridge.host;
