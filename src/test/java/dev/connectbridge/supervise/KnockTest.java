package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class KnockTest {
  @Test
  void whoeverListensAnswers() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();

      assertThat(Knock.TCP.connects("127.0.0.1", port)).isTrue();
      assertThat(Knock.TCP.isListenedOn(port)).isTrue();
    }
    assertThat(Knock.TCP.connects("127.0.0.1", port)).isFalse();
    assertThat(Knock.TCP.isListenedOn(port)).isFalse();
  }

  @Test
  void aNameThatNobodyKnowsAnswersNot() {
    assertThat(Knock.TCP.connects("no such host", 1)).isFalse();
  }
}
