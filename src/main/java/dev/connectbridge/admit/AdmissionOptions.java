package dev.connectbridge.admit;

import java.util.Set;

/**
 * What is open to choice when a job is admitted.
 *
 * @param nomadCompatibleDefaults whether a {@code sidecar_task} block resets what it leaves open to
 *     the defaults of an ordinary task, as Nomad does
 * @param drivers what drivers may be called besides the names that Nomad has for them
 */
public record AdmissionOptions(boolean nomadCompatibleDefaults, Set<String> drivers) {
  /** What holds unless somebody decides otherwise. */
  public static final AdmissionOptions STANDARD = new AdmissionOptions(false, Set.of());

  public AdmissionOptions {
    drivers = Set.copyOf(drivers);
  }
}
