package dev.connectbridge.reconcile;

import static java.util.stream.Collectors.toSet;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.Pauses;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.supervise.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at gateways' configuration entries. The servers keep them, not the agent, so one that
 * cannot be read is a failure of its own: it is not written, and all else goes on. Servers without
 * a leader take up to ten seconds to say nothing, in which a pass does nothing else. So after one
 * that they do not answer, no other is asked for in that pass, and all of those wait together for a
 * time that grows: the passes until then tell what came of the last question, and lose no time. One
 * that is asked for and fails is asked for last the next time, so that it keeps no other back for
 * longer than that.
 */
final class EntryLooks {
  private static final Pauses UNREAD =
      Pauses.upTo(Duration.ofSeconds(15), 2, Duration.ofMinutes(1)).from(Duration.ofSeconds(5));

  private final AgentApi agent;
  private final Ticker ticker;
  private final boolean lasting;
  private final Map<String, Unread> unread = new HashMap<>();
  private Duration begun = Duration.ZERO;

  /**
   * Creates one.
   *
   * @param lasting whether it waits longer than to the end of a pass before it asks again
   */
  EntryLooks(AgentApi agent, Ticker ticker, boolean lasting) {
    this.agent = agent;
    this.ticker = ticker;
    this.lasting = lasting;
  }

  private record Unread(AgentException why, int times, Duration until, boolean asked) {}

  /**
   * What is known.
   *
   * @param held the entries that are there
   * @param failures those of which that is not known, and why
   */
  record Looked(List<HeldEntry> held, List<Failure> failures) {}

  /** A pass begins; what fails in it is not asked for again in it. */
  void begin() {
    begun = ticker.now();
    if (!lasting) {
      unread.clear();
    }
  }

  /**
   * Looks at these entries; one that may not be read counts as missing: then writing it fails, and
   * says why.
   *
   * @throws AgentException of the kind UNREACHABLE, when it is the agent that is away
   */
  Looked look(List<ConfigEntry> wanted) throws AgentException {
    unread.keySet().retainAll(wanted.stream().map(ConfigEntry::id).collect(toSet()));
    List<HeldEntry> held = new ArrayList<>();
    Optional<Unread> mute = Optional.empty();
    for (ConfigEntry entry : inTurn(wanted)) {
      String id = entry.id();
      if (mute.isPresent()) {
        unread.put(id, unasked(mute.get()));
        continue;
      }
      try {
        agent.configEntry(entry.kind(), entry.name()).ifPresent(held::add);
        unread.remove(id);
      } catch (AgentException e) {
        mute = failed(id, e).filter(any -> e.kind().retryable());
      }
    }
    return new Looked(held, failures(wanted));
  }

  private Optional<Unread> failed(String id, AgentException why) throws AgentException {
    if (why.kind() == Kind.UNREACHABLE) {
      throw why;
    }
    if (why.kind() == Kind.FORBIDDEN) {
      unread.remove(id);
      return Optional.empty();
    }
    int times = unread.containsKey(id) ? unread.get(id).times() + 1 : 1;
    Unread failed = new Unread(why, times, ticker.now().plus(pause(why.kind(), times)), true);
    unread.put(id, failed);
    return Optional.of(failed);
  }

  /** What was not sent has cost no time, and costs none the next time. */
  private Duration pause(Kind kind, int times) {
    return kind == Kind.NOT_SENT ? Duration.ZERO : UNREAD.after(times, ticker.chance());
  }

  /** Returns those whose time has come. */
  private List<ConfigEntry> inTurn(List<ConfigEntry> wanted) {
    return wanted.stream()
        .filter(entry -> !isEarly(entry.id()))
        .sorted(Comparator.comparing(entry -> isLast(entry.id())))
        .toList();
  }

  private boolean isEarly(String id) {
    return unread.containsKey(id) && unread.get(id).until().compareTo(begun) > 0;
  }

  private boolean isLast(String id) {
    return unread.containsKey(id) && unread.get(id).asked();
  }

  private static Unread unasked(Unread mute) {
    AgentException why = mute.why();
    return new Unread(
        new AgentException(why.kind(), "not asked, since " + why.getMessage(), why),
        mute.times(),
        mute.until(),
        false);
  }

  private List<Failure> failures(Collection<ConfigEntry> wanted) {
    return wanted.stream()
        .filter(entry -> unread.containsKey(entry.id()))
        .map(entry -> new Failure(entry.id(), unread.get(entry.id()).why()))
        .toList();
  }
}
