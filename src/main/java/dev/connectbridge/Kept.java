package dev.connectbridge;

import dev.connectbridge.consul.OurAgent;
import dev.connectbridge.consul.OurAgent.Identity;
import dev.connectbridge.host.AgentJournal;
import dev.connectbridge.host.ListeningPorts;
import dev.connectbridge.host.PortJournal;
import dev.connectbridge.host.ReleaseJournal;
import dev.connectbridge.reconcile.Memory;
import dev.connectbridge.reconcile.PortMemory;
import dev.connectbridge.reconcile.Releases;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a bridge keeps for the next one of its owner.
 *
 * @param directory where; without one it is forgotten at the end of the process
 * @param owner whose it is
 * @param ours which agent that is about, where somebody knows better than the directory
 */
record Kept(Optional<Path> directory, String owner, Optional<OurAgent> ours) {

  /** Returns what is remembered now. */
  Memory memory() {
    return new Memory(ports(), releases(), agent());
  }

  private PortMemory ports() {
    return directory
        .map(data -> new PortJournal(data, owner))
        .map(journal -> new PortMemory(ListeningPorts::now, journal.read(), journal::write))
        .orElseGet(() -> PortMemory.ofProcess(ListeningPorts::now));
  }

  private Releases releases() {
    return directory
        .map(data -> new ReleaseJournal(data, owner))
        .map(journal -> new Releases(journal.read(), journal::write))
        .orElseGet(Releases::ofProcess);
  }

  private OurAgent agent() {
    return ours.or(() -> directory.map(this::agentIn)).orElseGet(OurAgent::ofProcess);
  }

  private OurAgent agentIn(Path data) {
    AgentJournal journal = new AgentJournal(data, owner);
    return new OurAgent(Identity.of(journal.read()), known -> journal.write(known.words()));
  }
}
