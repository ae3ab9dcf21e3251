package dev.connectbridge.writer;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.CatalogApi.Held;
import dev.connectbridge.consul.CatalogApi.Lock;
import dev.connectbridge.host.ProcessMark;
import dev.connectbridge.writer.Tenure.Kept;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bridge and the lock that it would have. Each {@link #seek} is one attempt, by what stands in
 * the key at that moment; nothing is written where all is as it was. For one thread, but for {@link
 * #met} and {@link #isLost}.
 */
final class Candidate {
  private static final Logger log = LoggerFactory.getLogger(Candidate.class);

  /** So long one whose session was lost may take the lock again before others do. */
  private static final Duration HEAD_START = Duration.ofSeconds(3);

  /** So long one of whom we do not know whether it lives. */
  private static final Duration SHORT_START = Duration.ofMillis(500);

  /** So long servers that did not answer whether it is lost are not asked again. */
  private static final Duration MUTE = Duration.ofSeconds(15);

  /** The bridges of this process; one that is not among them has died without its process. */
  private static final Set<String> HERE = ConcurrentHashMap.newKeySet();

  private final Lock lock;
  private final Node node;
  private final String owner;
  private final Tenure tenure;
  private final Ticker ticker;
  private final Holder self;
  private String key = "";
  private Optional<Held> seen = Optional.empty();
  private Optional<String> pending = Optional.empty();
  private Optional<String> taken = Optional.empty();
  private Optional<Holder> last = Optional.empty();
  private Optional<Duration> freeSince = Optional.empty();
  private boolean had;
  private boolean dark;
  private volatile long newest;
  private volatile Optional<Claim> mine = Optional.empty();
  private volatile Duration mute = Duration.ZERO;

  /** A lock that we have. */
  private record Claim(String key, String session) {}

  /** Tells the agent's node, whose key it is; empty when nobody says it. */
  @FunctionalInterface
  interface Node {
    String name() throws AgentException;
  }

  Candidate(Lock lock, Node node, String owner, Tenure tenure, Ticker ticker) {
    this.lock = lock;
    this.node = node;
    this.owner = owner;
    this.tenure = tenure;
    this.ticker = ticker;
    this.self = new Holder(UUID.randomUUID().toString(), ProcessMark.own(), 0, false);
    HERE.add(self.instance());
  }

  private static String key(String owner, String node) {
    return "connect-bridge/%s/%s/writer".formatted(owner, node);
  }

  /** Returns who has the lock of a node, in words; whoever has died has it no more. */
  static Optional<String> holder(Lock lock, String owner, String node) throws AgentException {
    Held held = lock.read(key(owner, node));
    Optional<Holder> holder = Holder.in(held.value());
    return held.session()
        .filter(session -> holder.filter(Candidate::isDead).isEmpty())
        .map(session -> holder.map(Holder::described).orElse("somebody"));
  }

  /** An entry of ours was written by a newer writer than we were; for any thread. */
  void met(long epoch) {
    newest = Math.max(newest, epoch);
  }

  /** Tries to have the lock, or to keep it. */
  Mandate seek() {
    seen = Optional.empty();
    dark = false;
    try {
      String name = node.name();
      if (name.isEmpty()) {
        return without("nobody tells the name of the node");
      }
      key = key(owner, name);
      List<String> missing = lock.missing(name, key);
      return missing.isEmpty()
          ? claim(look())
          : onlyLooking("the token lacks " + String.join(" and ", missing));
    } catch (AgentException e) {
      return isNo(e) ? without(e.getMessage()) : unanswered(e.getMessage());
    }
  }

  /** What never has told us of a lock, and is not Consul by its words, has none. */
  private boolean isNo(AgentException e) {
    boolean strange = e.kind() == Kind.GARBLED && tenure.of(key).session().isEmpty();
    return strange || !e.kind().retryable();
  }

  private Held look() throws AgentException {
    Held held = lock.read(key);
    seen = Optional.of(held);
    return held;
  }

  /** Whoever may not have the lock may be allowed to see who has it, and then waits for them. */
  private Mandate onlyLooking(String why) throws AgentException {
    Held held;
    try {
      held = look();
    } catch (AgentException e) {
      if (e.kind() != Kind.FORBIDDEN) {
        throw e;
      }
      return without(why);
    }
    Optional<Holder> holder = Holder.in(held.value());
    Optional<String> session = held.session();
    if (session.filter(this::isOurs).isPresent() && !isTakenUp(holder)) {
      return Mandate.writer(tenure.of(key).epoch(), "it has the lock of " + key);
    }
    last = holder;
    if (session.isPresent() && holder.filter(Candidate::isDead).isEmpty()) {
      taken = Optional.of(described(held));
      return Mandate.standby(taken.get());
    }
    taken = Optional.empty();
    return Mandate.alone(why);
  }

  /**
   * Whoever knows that another has it does not forget that for want of a right, until that one is
   * over; who never saw it leaves alone what others have written since.
   */
  private Mandate without(String why) {
    Optional<Holder> ended = last.filter(Candidate::isDead);
    if (ended.isPresent() || seen.filter(held -> held.session().isEmpty()).isPresent()) {
      taken = Optional.empty();
    }
    dark = taken.isPresent();
    if (dark) {
      freeSince = Optional.empty();
      return Mandate.standby(unseen(why));
    }
    String gone =
        ended
            .map(one -> "; %s, which had the lock, has ended".formatted(one.described()))
            .orElse("");
    return Mandate.blind(tenure.of(key).epoch(), why + ", nor can it be seen" + gone);
  }

  private String unseen(String why) {
    return ("%s had the lock of %s; whether it still has cannot be seen: %s; key:read is enough to"
            + " see it; if that one is gone for good, start this bridge anew")
        .formatted(last.map(Holder::described).orElse("somebody"), key, why);
  }

  /**
   * Returns whether it waits for another of which it cannot see any more whether it has the lock.
   */
  boolean isInTheDark() {
    return dark;
  }

  /** Who had the lock when Consul was last heard of goes on, and who had not waits on. */
  private Mandate unanswered(String why) {
    Kept kept = tenure.of(key);
    if (kept.session().isPresent()) {
      return Mandate.writer(kept.epoch(), "as before; Consul cannot be asked: " + why);
    }
    return taken.map(Mandate::standby).orElseGet(() -> Mandate.undecided(kept.epoch(), why));
  }

  private Mandate claim(Held held) throws AgentException {
    Optional<Holder> holder = Holder.in(held.value());
    newest = Math.max(newest, holder.map(Holder::epoch).orElse(0L));
    if (held.session().isEmpty()) {
      return isToWait(holder)
          ? Mandate.standby("whoever has just lost the lock of %s may have it again".formatted(key))
          : acquire();
    }
    freeSince = Optional.empty();
    String session = held.session().get();
    if (isOurs(session) && !isTakenUp(holder)) {
      return takeUp(held);
    }
    last = holder;
    if (holder.filter(Candidate::isDead).isPresent()) {
      lock.close(session);
      return acquire();
    }
    return standby(held);
  }

  private boolean isOurs(String session) {
    return sessions().contains(session);
  }

  /** Somebody has a copy of our data directory: one of us has to go, and it is not the newer. */
  private boolean isTakenUp(Optional<Holder> holder) {
    return holder.filter(other -> !isSelf(other) && (had || isAlive(other))).isPresent();
  }

  private Mandate standby(Held held) throws AgentException {
    had = false;
    mine = Optional.empty();
    last = Holder.in(held.value());
    String session = held.session().orElse("");
    String words = described(held);
    taken = Optional.of(words);
    List<String> idle = sessions();
    pending = Optional.empty();
    tenure.keep(new Kept(key, Optional.empty(), tenure.of(key).epoch()));
    for (String unused : idle) {
      if (!unused.equals(session)) {
        lock.close(unused);
      }
    }
    return Mandate.standby(words);
  }

  private String described(Held held) {
    return "%s has the lock of %s; if it is gone for good, end its session, %s"
        .formatted(
            Holder.in(held.value()).map(Holder::described).orElse("somebody"),
            key,
            held.session().orElse(""));
  }

  /** Whoever had it a moment ago, and did not let go of it, may have it again first. */
  private boolean isToWait(Optional<Holder> written) {
    Optional<Holder> before =
        written.or(() -> last).filter(one -> !one.released() && !isSelf(one) && !isDead(one));
    if (before.isEmpty()) {
      return false;
    }
    Duration now = ticker.now();
    Duration since = freeSince.orElse(now);
    freeSince = Optional.of(since);
    Duration start = isAlive(before.get()) ? HEAD_START : SHORT_START;
    return now.minus(since).compareTo(start) < 0;
  }

  private boolean isSelf(Holder holder) {
    return holder.instance().equals(self.instance());
  }

  private static boolean isOfThisProcess(Holder holder) {
    return holder.process().isPresent() && holder.process().equals(ProcessMark.own());
  }

  private static boolean isAlive(Holder holder) {
    return isOfThisProcess(holder)
        ? HERE.contains(holder.instance())
        : holder.process().filter(ProcessMark::isAlive).isPresent();
  }

  private static boolean isDead(Holder holder) {
    return isOfThisProcess(holder)
        ? !HERE.contains(holder.instance())
        : holder.process().filter(ProcessMark::isGone).isPresent();
  }

  /** Returns whether something has changed, or will soon, that the key does not tell of. */
  boolean isToLookAgain() {
    return freeSince.isPresent() || last.filter(Candidate::isDead).isPresent();
  }

  private Mandate acquire() throws AgentException {
    Kept kept = tenure.of(key);
    String session = session();
    long epoch = Math.max(kept.epoch(), newest) + 1;
    boolean mine = lock.acquire(key, session, self.withEpoch(epoch).text());
    Held held = look();
    if (!mine || !held.session().equals(Optional.of(session))) {
      return standby(held);
    }
    newest = Math.max(newest, held.times() - 1);
    return takeUp(held);
  }

  /**
   * Returns the sessions that may have our lock: one that was opened and is not known to have it
   * yet, since the answer was lost, and one that had it when Consul was last heard of.
   */
  private List<String> sessions() {
    return Stream.concat(pending.stream(), tenure.of(key).session().stream()).distinct().toList();
  }

  private String session() throws AgentException {
    for (String before : sessions()) {
      if (lock.isOpen(before)) {
        return before;
      }
    }
    String session = lock.open("connect-bridge " + owner);
    pending = Optional.of(session);
    return session;
  }

  /** The lock is ours; who reads the key learns by whom it is held now. */
  private Mandate takeUp(Held held) throws AgentException {
    Optional<Holder> holder = Holder.in(held.value());
    long said = Math.max(tenure.of(key).epoch(), holder.map(Holder::epoch).orElse(0L));
    long epoch = newest > said ? newest + 1 : Math.max(1, said);
    tenure.keep(new Kept(key, held.session(), epoch));
    pending = Optional.empty();
    taken = Optional.empty();
    last = Optional.empty();
    freeSince = Optional.empty();
    Holder now = self.withEpoch(epoch);
    if (!holder.equals(Optional.of(now))) {
      if (!lock.acquire(key, held.session().orElseThrow(), now.text())) {
        return standby(look());
      }
      look();
    }
    had = true;
    mine = held.session().map(session -> new Claim(key, session));
    return Mandate.writer(epoch, "it has the lock of " + key);
  }

  /** Returns whether the lock that we had is not ours any more; no answer says no. */
  boolean isLost() {
    Optional<Claim> claim = mine;
    Duration now = ticker.now();
    if (claim.isEmpty() || now.compareTo(mute) < 0) {
      return false;
    }
    try {
      Held held = lock.read(claim.get().key());
      return !held.session().equals(Optional.of(claim.get().session()));
    } catch (AgentException e) {
      mute = now.plus(MUTE);
      return false;
    }
  }

  /** Returns the key as it was seen by the last attempt, if it got so far. */
  Optional<Held> seen() {
    return seen;
  }

  /** Calls {@code changed} once the key may be other than it was seen, if it was. */
  void watch(Runnable changed) {
    seen.ifPresentOrElse(was -> lock.watch(key, was, changed), lock::unwatch);
  }

  /** Lets go of the lock, if we have it, and of everything that was opened for it: for good. */
  void release() {
    letGo();
    abandon();
  }

  /** Lets go of the lock, if we have it, for somebody else; another attempt may take it again. */
  void letGo() {
    lock.unwatch();
    seen = Optional.empty();
    had = false;
    if (sessions().stream().allMatch(this::isGivenUp)) {
      tenure.keep(new Kept(key, Optional.empty(), tenure.of(key).epoch()));
      pending = Optional.empty();
    }
  }

  private boolean isGivenUp(String session) {
    try {
      if (lock.isOpen(session)) {
        Holder released = self.withEpoch(tenure.of(key).epoch()).withReleased();
        lock.release(key, session, released.text());
        lock.close(session);
      }
      return true;
    } catch (AgentException e) {
      log.warn("the writer's lock stays for now, until its session is ended: {}", e.getMessage());
      return false;
    }
  }

  /** Ends without a word, as a process does that is killed. */
  void abandon() {
    HERE.remove(self.instance());
  }
}
