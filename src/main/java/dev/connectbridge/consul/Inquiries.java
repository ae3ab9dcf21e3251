package dev.connectbridge.consul;

import dev.connectbridge.consul.AbsenceProof.Kind;
import dev.connectbridge.consul.AbsenceProof.Verdict;
import dev.connectbridge.consul.CatalogApi.Grant;
import dev.connectbridge.consul.CatalogApi.NodeServices;
import dev.connectbridge.consul.CatalogApi.Right;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/**
 * What is asked about one node, how each question stands, and which of them are to be put to the
 * servers now. No thread and no clock of its own.
 */
final class Inquiries {
  /** Shorter ones would only find what was found before. */
  private static final Pauses PAUSES =
      Pauses.upTo(Duration.ofMillis(100), 2, Duration.ofSeconds(2)).from(Duration.ofMillis(25));

  private final String node;
  private final DoubleSupplier chance;
  private final Set<OpenInquiry> open = new LinkedHashSet<>();
  private final Set<OpenInquiry> due = new LinkedHashSet<>();
  private final Set<OpenInquiry> undecided = new LinkedHashSet<>();
  private int failures;
  private Duration again = Duration.ZERO;

  Inquiries(String node, DoubleSupplier chance) {
    this.node = node;
    this.chance = chance;
  }

  /** Returns how long to wait after so many failures in a row. */
  Duration pause(int failures) {
    return PAUSES.after(failures, chance.getAsDouble());
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** A new question is due at once: what it asks about may be gone already. */
  void join(OpenInquiry inquiry) {
    open.add(inquiry);
    due.add(inquiry);
  }

  void leave(OpenInquiry inquiry) {
    open.remove(inquiry);
    due.remove(inquiry);
    undecided.remove(inquiry);
  }

  /** The blocked query has shown what the node has. */
  void shown(NodeServices now) {
    open.stream()
        .filter(inquiry -> !now.nodeKnown() || now.without(inquiry.ids()))
        .forEach(due::add);
  }

  /** The blocked query shows nothing: all that is known may be old. */
  void unseen() {
    due.addAll(open);
  }

  /** Returns how long until there is something to ask; empty while there is nothing. */
  Optional<Duration> untilDue(Duration now) {
    if (!due.isEmpty()) {
      return Optional.of(Duration.ZERO);
    }
    Duration left = again.minus(now);
    return undecided.isEmpty()
        ? Optional.empty()
        : Optional.of(left.isNegative() ? Duration.ZERO : left);
  }

  /** Returns the questions to ask now, all in one; they are the caller's to settle. */
  List<OpenInquiry> take(Duration now) {
    if (now.compareTo(again) >= 0) {
      due.addAll(undecided);
    }
    List<OpenInquiry> taken = List.copyOf(due);
    due.clear();
    taken.forEach(undecided::remove);
    return taken;
  }

  /** Puts down what was answered, and returns those that are proven by it, which are over. */
  List<OpenInquiry> settle(
      Collection<OpenInquiry> taken, Grant grant, NodeServices held, Duration now) {
    List<OpenInquiry> proven = new ArrayList<>();
    List<OpenInquiry> unsure = new ArrayList<>();
    for (OpenInquiry inquiry : stillOpen(taken)) {
      Verdict verdict = verdict(inquiry, grant, held);
      inquiry.stands(verdict);
      switch (verdict.kind()) {
        case PROVEN -> proven.add(inquiry);
        case HELD -> {} // the blocked query tells when it is gone
        case ASKED, UNREADABLE, UNKNOWN_NODE, UNANSWERED, DOUBTFUL -> unsure.add(inquiry);
      }
    }
    proven.forEach(this::leave);
    askAgain(unsure, now);
    return proven;
  }

  /** Puts down that there was no answer. */
  void failed(Collection<OpenInquiry> taken, AgentException why, Duration now) {
    List<OpenInquiry> unsure = stillOpen(taken);
    unsure.forEach(inquiry -> inquiry.stands(verdict(why)));
    askAgain(unsure, now);
  }

  private void askAgain(List<OpenInquiry> unsure, Duration now) {
    failures = unsure.isEmpty() ? 0 : failures + 1;
    if (!unsure.isEmpty()) {
      undecided.addAll(unsure);
      again = now.plus(pause(failures));
    }
  }

  private List<OpenInquiry> stillOpen(Collection<OpenInquiry> taken) {
    return taken.stream().filter(open::contains).toList();
  }

  private Verdict verdict(OpenInquiry inquiry, Grant grant, NodeServices held) {
    SortedSet<String> left = new TreeSet<>(inquiry.ids());
    left.retainAll(held.ids());
    if (!left.isEmpty()) {
      return new Verdict(Kind.HELD, "the catalog still holds " + quoted(left));
    }
    List<Right> missing =
        grant.missing().stream()
            .filter(
                right ->
                    right.resource().equals("node") || inquiry.services().contains(right.name()))
            .toList();
    if (!missing.isEmpty()) {
      String rights = missing.stream().map(Right::toString).collect(Collectors.joining(", "));
      return new Verdict(
          Kind.UNREADABLE, "the token lacks " + rights + ", so an empty answer proves nothing");
    }
    if (!held.nodeKnown()) {
      return new Verdict(
          Kind.UNKNOWN_NODE,
          "the servers do not know the node \"%s\", so an empty answer proves nothing"
              .formatted(node));
    }
    return new Verdict(
        Kind.PROVEN,
        "the catalog has none of them on \"%s\" at index %d".formatted(node, held.index()));
  }

  private static Verdict verdict(AgentException why) {
    return switch (why.kind()) {
      case FORBIDDEN ->
          new Verdict(Kind.UNREADABLE, "the servers refuse the token: " + why.getMessage());
      case GARBLED -> new Verdict(Kind.DOUBTFUL, "what answers is not Consul: " + why.getMessage());
      case UNREACHABLE, NOT_SENT, TIMEOUT, REFUSED, OUTDATED, OVERLOADED, BROKEN ->
          new Verdict(Kind.UNANSWERED, "the servers did not answer: " + why.getMessage());
    };
  }

  private static String quoted(Collection<String> ids) {
    return ids.stream().map("\"%s\""::formatted).collect(Collectors.joining(" and "));
  }
}
