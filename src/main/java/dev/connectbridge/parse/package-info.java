/** Text of any notation in, job specs or problems out. */
package dev.connectbridge.parse;
