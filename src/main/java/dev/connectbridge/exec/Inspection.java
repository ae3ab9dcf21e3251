package dev.connectbridge.exec;

import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.spec.Spelling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Says of an order what is wrong with it, and what it will not get on this machine. */
final class Inspection {
  /** The name that promises more than is kept here. */
  static final String ALIAS = "exec";

  private final Accounts accounts;
  private final ControlGroups controlGroups;

  Inspection(Accounts accounts, ControlGroups controlGroups) {
    this.accounts = accounts;
    this.controlGroups = controlGroups;
  }

  /** Returns what is wrong with an order. */
  List<String> refusals(TaskOrder order) {
    List<String> refusals = new ArrayList<>();
    if (!Files.exists(Path.of("/proc/self/stat")) || Tool.path("setsid").isEmpty()) {
      refusals.add("driver: raw_exec needs Linux with /proc and setsid (util-linux)");
    }
    refusals.addAll(ExecConfig.refusals(order.task().config()));
    Signals.refusal(order.task().killSignal()).ifPresent(refusals::add);
    order.env().forEach((name, value) -> refuse(name, value).ifPresent(refusals::add));
    try {
      accounts.refusal(order.task().user()).ifPresent(refusals::add);
    } catch (IOException e) {
      refusals.add("user: this machine does not say who " + order.task().user() + " is");
    }
    return refusals;
  }

  /** The value is nobody's to read. */
  private static Optional<String> refuse(String name, String value) {
    return name.isEmpty() || name.indexOf('=') >= 0 || (name + value).indexOf('\0') >= 0
        ? Optional.of("env: no process can be given the variable " + Spelling.quoted(name))
        : Optional.empty();
  }

  /** Returns what an order asks for and does not get. */
  Set<String> warnings(TaskOrder order) {
    Set<String> warnings = new TreeSet<>();
    if (order.task().driver().equals(ALIAS)) {
      warnings.add("driver \"exec\" isolates nothing here: it is raw_exec by another name");
    }
    order
        .task()
        .resources()
        .cores()
        .ifPresent(
            cores ->
                warnings.add(
                    "resources.cores: " + cores + " is taken as a share, no core is kept for it"));
    controlGroups.unable(order.task().resources()).ifPresent(warnings::add);
    if (order.task().killSignal().matches("(?i)(SIG)?QUIT") && !Launch.resetsSignals()) {
      warnings.add("kill_signal: SIGQUIT reaches no task here: env --default-signal is missing");
    }
    unreachable(order).ifPresent(warnings::add);
    return warnings;
  }

  private Optional<String> unreachable(TaskOrder order) {
    Path local = order.dirs().local().toAbsolutePath();
    try {
      Optional<Accounts.Account> account = accounts.changeTo(order.task().user());
      return accounts.isRoot()
              && account.isPresent()
              && Files.isDirectory(local)
              && !Accounts.mayReach(account.get(), local)
          ? Optional.of(
              "user "
                  + account.get().name()
                  + " cannot reach "
                  + local
                  + ": a directory above it is closed")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // then the order is refused for it
    }
  }
}
