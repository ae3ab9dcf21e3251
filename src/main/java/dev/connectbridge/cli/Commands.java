package dev.connectbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** All commands, and what becomes of what goes wrong in them. */
final class Commands {
  private static final Logger log = LoggerFactory.getLogger(Commands.class);

  private Commands() {}

  static CommandLine on(Terminal terminal) {
    CommandLine all =
        new CommandLine(new Top())
            .addSubcommand(new RunCommand(terminal))
            .addSubcommand(new SyncCommand(terminal))
            .addSubcommand(new PlanCommand(terminal))
            .addSubcommand(new StatusCommand(terminal))
            .addSubcommand(new DrainCommand(terminal))
            .addSubcommand(new ResumeCommand(terminal))
            .addSubcommand(new ApproveCommand(terminal))
            .addSubcommand(new AdoptCommand(terminal))
            .addSubcommand(new ReleaseCommand(terminal))
            .addSubcommand(new ForgetCommand(terminal))
            .addSubcommand(new GhostsCommand(terminal))
            .addSubcommand(new DoctorCommand(terminal))
            .addSubcommand(new ValidateCommand(terminal))
            .addSubcommand(new RenderCommand(terminal))
            .addSubcommand(new VersionCommand(terminal));
    all.getSubcommands().values().forEach(command -> command.getCommandSpec().addOption(help()));
    return all.setOut(new PrintWriter(terminal.out(), true, UTF_8))
        .setErr(new PrintWriter(terminal.err(), true, UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((wrong, args) -> misused(wrong, terminal))
        .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, terminal));
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .description("print this help")
        .build();
  }

  private static int misused(ParameterException wrong, Terminal terminal) {
    terminal.complain(wrong.getMessage());
    wrong.getCommandLine().usage(terminal.err());
    return Exit.USAGE;
  }

  private static int failed(Exception failure, Terminal terminal) {
    if (failure instanceof Refusal refusal) {
      refusal.tell(terminal);
      return Exit.ERROR;
    }
    terminal.complain("this should not have happened: " + failure);
    log.debug("this should not have happened", failure);
    return Exit.ERROR;
  }

  /** Returns the version that was built. */
  static String version() {
    Properties properties = new Properties();
    try (var text = Commands.class.getResourceAsStream("version.properties")) {
      properties.load(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  /** What stands before the commands. */
  @Command(
      name = "connect-bridge",
      description = "Registers Nomad-style Connect services in the local Consul agent.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      synopsisSubcommandLabel = "COMMAND",
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        " 0:done, or nothing to do",
        " 1:something is wrong: with the specs, the configuration or the agent; drain: not proven",
        " 2:plan: there is something to do",
        "64:the command line makes no sense"
      },
      footer =
          "%nCONSUL_HTTP_ADDR, CONSUL_HTTP_SSL, CONSUL_HTTP_TOKEN and CONSUL_HTTP_TOKEN_FILE"
              + " mean what they mean to the consul command.")
  static final class Top implements Runnable {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
      throw new ParameterException(spec.commandLine(), "a command is expected");
    }
  }

  /** The line that {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"connect-bridge " + version()};
    }
  }
}
