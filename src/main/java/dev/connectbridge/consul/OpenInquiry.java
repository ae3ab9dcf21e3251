package dev.connectbridge.consul;

import dev.connectbridge.consul.AbsenceProof.Inquiry;
import dev.connectbridge.consul.AbsenceProof.Kind;
import dev.connectbridge.consul.AbsenceProof.Verdict;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A question that is open until it is proven or cancelled. */
final class OpenInquiry implements Inquiry {
  private final SortedMap<String, String> names;
  private final Consumer<Verdict> proven;
  private final NodeProof proof;
  private volatile Verdict verdict =
      new Verdict(Kind.ASKED, "the servers have not answered yet whether they hold it");

  OpenInquiry(SortedMap<String, String> names, Consumer<Verdict> proven, NodeProof proof) {
    this.names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
    this.proven = proven;
    this.proof = proof;
  }

  Set<String> ids() {
    return names.keySet();
  }

  Set<String> services() {
    return new TreeSet<>(names.values());
  }

  void stands(Verdict now) {
    verdict = now;
  }

  void tell() {
    proven.accept(verdict);
  }

  @Override
  public Verdict verdict() {
    return verdict;
  }

  @Override
  public void cancel() {
    proof.leave(this);
  }
}
