package dev.connectbridge.sidecar;

import java.nio.file.Path;

/**
 * The directories of a task: a value; whoever makes the order has made them, 0700.
 *
 * @param alloc what the tasks of one allocation share ({@code NOMAD_ALLOC_DIR})
 * @param local the task's own ({@code NOMAD_TASK_DIR}), where it is started
 * @param secrets the task's own, for what nobody else may read ({@code NOMAD_SECRETS_DIR})
 * @param logs where its output goes, as {@code NAME.stdout.0} and {@code NAME.stderr.0}
 */
public record TaskDirs(Path alloc, Path local, Path secrets, Path logs) {}
