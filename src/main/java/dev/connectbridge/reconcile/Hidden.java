package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.reconcile.Guard.Doubt;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a token may not see of ours.
 *
 * @param services the names of the services
 * @param unlearnt why that is not known, if so: then nothing that is not listed is known to be gone
 */
record Hidden(Set<String> services, Optional<AgentException> unlearnt) {
  static final Hidden NOTHING = new Hidden(Set.of(), Optional.empty());

  /** Returns why nothing may be removed, if so. */
  Optional<Doubt> doubt() {
    if (services.isEmpty()) {
      return unlearnt.map(
          why ->
              new Doubt(
                  "what the token may see could not be learnt: " + why.getMessage(),
                  "it is asked again at the next pass",
                  false));
    }
    return Optional.of(
        new Doubt(
            "the token may not see %s, so nobody knows what is there"
                .formatted(String.join(", ", services)),
            "give it service:read there",
            false));
  }

  /** Returns that what is hidden is not written: it may be there. */
  List<Failure> failures(Desired desired, Map<ServiceId, String> missing) {
    List<Failure> failures = new ArrayList<>();
    desired.workloads().stream()
        .map(Workload::registration)
        .filter(one -> isHidden(one, missing))
        .map(one -> new Failure(one.id().value(), unlearnt.orElseGet(() -> unseen(one.name()))))
        .forEach(failures::add);
    return failures;
  }

  private String hiddenOf(String name) {
    return services.contains(name) ? name : name + ServiceId.SIDECAR_SUFFIX;
  }

  private AgentException unseen(String name) {
    return new AgentException(
        Kind.FORBIDDEN,
        "whether it is there may not be seen: the token lacks service:read on \"%s\""
            .formatted(hiddenOf(name)),
        null);
  }

  /** Returns whether an entry may be there though it is not listed. */
  boolean isHidden(Registration wanted, Map<ServiceId, String> missing) {
    return missing.containsKey(wanted.id()) && hides(wanted.name());
  }

  boolean hides(String name) {
    return unlearnt.isPresent()
        || services.contains(name)
        || services.contains(name + ServiceId.SIDECAR_SUFFIX);
  }
}
