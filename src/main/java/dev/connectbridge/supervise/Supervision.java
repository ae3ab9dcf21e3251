package dev.connectbridge.supervise;

import dev.connectbridge.consul.AbsenceProof;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.CatalogApi;
import dev.connectbridge.consul.OurAgent;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.host.AppendLog;
import dev.connectbridge.sidecar.TaskDriver;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * What a supervisor is told: a value.
 *
 * @param owner whose drains and tasks they are
 * @param node the name of the agent's node; empty asks the agent
 * @param ours which agent is ours
 * @param policy what is decided about drains
 * @param data where drains, receipts and tasks are kept; without it drains are forgotten by a crash
 *     and no tasks are run
 * @param catalog the servers; without them no drain is proven
 * @param drivers what runs tasks; none runs none
 * @param access how a proxy of the bridge's choice finds the agent
 */
public record Supervision(
    String owner,
    String node,
    OurAgent ours,
    DrainPolicy policy,
    Optional<Path> data,
    Optional<CatalogApi> catalog,
    List<TaskDriver> drivers,
    AgentAccess access) {
  public Supervision {
    drivers = List.copyOf(drivers);
  }

  /** Returns one that only drains, and remembers nothing. */
  public static Supervision ofDrains(String owner) {
    return new Supervision(
        owner,
        "",
        OurAgent.ofProcess(),
        DrainPolicy.DEFAULT,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        AgentAccess.NONE);
  }

  Optional<AppendLog> file(String name, long most) {
    return data.map(directory -> new AppendLog(directory.resolve(name), most));
  }

  TaskHands hands(Lanes lanes, Consumer<Runnable> tell) {
    return new TaskHands(drivers, household(), data.map(TaskFiles::new), access, lanes, tell);
  }

  /**
   * Returns whose the tasks are on this machine. An owner may have a bridge for each of several
   * agents here, and none of them may take the tasks of another for left over ones of its own; a
   * data directory is one bridge's alone.
   */
  String household() {
    return data.map(directory -> owner + "@" + directory.toAbsolutePath().normalize())
        .orElse(owner);
  }

  Proof proof() {
    return catalog.map(servers -> Proof.of(AbsenceProof.over(servers))).orElse(NO_SERVERS);
  }

  private static final Proof NO_SERVERS =
      new Proof() {
        @Override
        public Seeking seek(String node, SortedMap<String, String> names, Runnable proven)
            throws AgentException {
          throw new AgentException(Kind.REFUSED, "nobody said how to ask Consul's servers", null);
        }

        @Override
        public void close() {}
      };
}
