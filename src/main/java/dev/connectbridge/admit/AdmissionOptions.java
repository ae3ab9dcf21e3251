package dev.connectbridge.admit;

/**
 * What is open to choice when a job is admitted.
 *
 * @param nomadCompatibleDefaults whether a {@code sidecar_task} block resets what it leaves open to
 *     the defaults of an ordinary task, as Nomad does
 */
public record AdmissionOptions(boolean nomadCompatibleDefaults) {
  /** What holds unless somebody decides otherwise. */
  public static final AdmissionOptions STANDARD = new AdmissionOptions(false);
}
