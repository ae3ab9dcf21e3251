/** Where the groups come from: directories, files, or a program. */
package dev.connectbridge.source;
