/** Tasks that run as containers of a Docker engine, or of whoever speaks its API. */
package dev.connectbridge.docker;
