/** What it takes to run the task of a proxy: values, filled in as far as is known. */
package dev.connectbridge.launch;
