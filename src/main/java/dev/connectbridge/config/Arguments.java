package dev.connectbridge.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the command line says; it comes before everything else.
 *
 * @param file the configuration file; without one the defaults hold
 * @param node the file that describes the machine, in place of the configuration's node section
 * @param owner whose registrations they are
 * @param anyDatacenter whether jobs of other datacenters are taken as well
 * @param nomadCompatibleDefaults whether a {@code sidecar_task} block resets what it leaves open
 * @param dataDirectory where the ports that were given out are kept
 * @param runDirectory where the daemon holds its lock
 * @param specs the directories and files with specs; none leaves it to the file
 */
public record Arguments(
    Optional<Path> file,
    Optional<Path> node,
    Optional<String> owner,
    boolean anyDatacenter,
    boolean nomadCompatibleDefaults,
    Optional<Path> dataDirectory,
    Optional<Path> runDirectory,
    List<Path> specs) {

  /** A command line that says nothing. */
  public static final Arguments NONE =
      new Arguments(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          false,
          Optional.empty(),
          Optional.empty(),
          List.of());

  public Arguments {
    specs = List.copyOf(specs);
  }
}
