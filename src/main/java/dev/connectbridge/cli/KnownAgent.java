package dev.connectbridge.cli;

import dev.connectbridge.consul.OurAgent;
import dev.connectbridge.consul.OurAgent.Identity;
import dev.connectbridge.host.AgentJournal;
import dev.connectbridge.host.DataDirectory;
import dev.connectbridge.host.OwnerLock;
import dev.connectbridge.reconcile.Outcome;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which agent is ours, to a command that looks at it once: the one that a data directory knows, as
 * the daemon left it or an earlier {@code sync}. It is read without any lock, and no directory is
 * made for it.
 */
final class KnownAgent {
  private static final Logger log = LoggerFactory.getLogger(KnownAgent.class);

  private final Path directory;
  private final AgentJournal journal;
  private final OurAgent ours;
  private Optional<Identity> news = Optional.empty();

  private KnownAgent(Path directory, AgentJournal journal, List<String> words) {
    this.directory = directory;
    this.journal = journal;
    this.ours = new OurAgent(Identity.of(words), now -> news = Optional.of(now));
  }

  /** Returns what is known; a file that is there and cannot be read is a refusal. */
  static KnownAgent in(Path directory, String owner) {
    AgentJournal journal = new AgentJournal(directory, owner);
    try {
      return new KnownAgent(
          directory, journal, journal.isThere() ? journal.read() : List.<String>of());
    } catch (UncheckedIOException e) {
      throw new Refusal(e.getMessage());
    }
  }

  OurAgent ours() {
    return ours;
  }

  /**
   * Keeps who the agent of a pass was, if that is news. One at which something was withheld may be
   * the wrong one, and one at which nothing was to be done or to be left tells nothing.
   */
  void keep(Outcome outcome) {
    boolean told = !outcome.plan().isEmpty() || !outcome.desired().workloads().isEmpty();
    if (told && outcome.withheld().isEmpty()) {
      news.ifPresent(this::write);
    }
  }

  private void write(Identity identity) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    if (!DataDirectory.isOwn(directory)) {
      log.info("which agent is ours is not kept: {} is another user's", directory);
    } else if (OwnerLock.isDirectoryHeld(directory)) {
      log.info("which agent is ours is not kept: a daemon works in {}", directory);
    } else {
      try {
        journal.write(identity.words());
      } catch (UncheckedIOException e) {
        log.warn("which agent is ours is not kept: {}", e.getMessage());
      }
    }
  }
}
