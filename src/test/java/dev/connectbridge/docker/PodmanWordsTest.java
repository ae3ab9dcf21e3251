package dev.connectbridge.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Podman says in other words than Docker. */
class PodmanWordsTest {

  private static Reply said(int status, String message) {
    return new Reply("POST /x", status, "{\"message\":\"%s\"}".formatted(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "invalid signal: SIGNONE",
        "runc: exec: /bin/x: OCI runtime attempted to invoke a command that was not found",
        "crun: open /bin/x: Permission denied: OCI permission denied"
      })
  void whatItsAuthorMustMendIsRefusedThoughTheStatusSaysOtherwise(String message) {
    assertThat(said(500, message).refusal().kind()).isEqualTo(Kind.REFUSED);
    assertThat(said(503, message).refusal().kind()).isEqualTo(Kind.FAILED);
  }

  @Test
  void anyOtherFailureIsOne() {
    assertThat(said(500, "no space left on device").refusal().kind()).isEqualTo(Kind.FAILED);
  }

  @Test
  void aSignalThatComesTooLateIsNoFailure() {
    String late = "can only kill running containers. abc is in state exited: ";
    assertThat(said(500, late + "container state improper").saysNotRunning()).isTrue();
  }

  @Test
  void onlyPodmanLosesWhatItFollows() throws TaskException {
    assertThat(peer("Podman Engine").losesWhatItFollows()).isTrue();
    assertThat(peer("Engine").losesWhatItFollows()).isFalse();
    assertThat(peer("Engine").version()).hasToString("1.41");
  }

  private static Peer peer(String component) throws TaskException {
    String version =
        "{\"ApiVersion\":\"1.41\",\"Components\":[{\"Name\":\"%s\"},{\"Name\":\"Conmon\"}]}";
    return Peer.of(new Reply("GET /version", 200, version.formatted(component)).json());
  }
}
