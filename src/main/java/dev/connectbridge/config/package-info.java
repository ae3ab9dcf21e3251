/** What the operator decides: by a file, by the environment, by the command line. */
package dev.connectbridge.config;
