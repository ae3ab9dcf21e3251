/** HCL text in, a tree of blocks and values out, with a place on every node. */
package dev.connectbridge.hcl;
