/**
 * What Nomad's server does to a job before a node sees it: names are filled in, proxy task and port
 * are added, the rules are checked.
 */
package dev.connectbridge.admit;
