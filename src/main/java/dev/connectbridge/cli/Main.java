package dev.connectbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine;

/** The command {@code connect-bridge}. */
public final class Main {
  private Main() {}

  /** Runs one command, and ends the process with its exit code. */
  public static void main(String[] args) {
    Signals signals = new Signals(() -> Runtime.getRuntime().halt(Exit.INTERRUPTED));
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    System.exit(run(args, new Terminal(out, err, System.getenv(), signals)));
  }

  /** Runs one command and returns its exit code. */
  static int run(String[] args, Terminal terminal) {
    CommandLine commands = Commands.on(terminal);
    int exit = commands.execute(args);
    terminal.out().flush();
    terminal.err().flush();
    return exit;
  }

  /** Runs one command against streams of the caller's; for tests. */
  static int run(String[] args, PrintStream out, PrintStream err, Map<String, String> environment) {
    return run(args, new Terminal(out, err, environment, stop -> {}));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, UTF_8);
  }
}
