package dev.connectbridge.supervise;

import dev.connectbridge.launch.Launch;
import dev.connectbridge.launch.Launch.Place;
import dev.connectbridge.sidecar.TaskDirs;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a proxy that the bridge chose finds the agent. */
public interface AgentAccess {
  /** No proxy of the bridge's choice. */
  AgentAccess NONE = (here, inside) -> new TreeMap<>();

  /**
   * Returns the variables by which the consul command finds the agent, and writes the token into a
   * file where they say it is.
   *
   * @param here the task's directory of secrets on this machine
   * @param inside the same as the task sees it
   */
  SortedMap<String, String> variables(Path here, Path inside) throws IOException;

  /** Removes what {@link #variables} has written there, from a task that does not ask the agent. */
  default void withhold(Path here) throws IOException {}

  /** Makes the file that Envoy is started with. */
  default void bootstrap(Launch launch, Place place, TaskDirs dirs)
      throws TaskException, IOException {
    throw new TaskException(Kind.REFUSED, "there is nothing here that makes Envoy's file", null);
  }
}
