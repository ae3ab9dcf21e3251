/** The words of a job spec, exactly as its author wrote them, with the place where each stands. */
package dev.connectbridge.spec;
