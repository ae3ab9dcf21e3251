/** What stands behind the registrations: drains and tasks, owned by one thread. */
package dev.connectbridge.supervise;
