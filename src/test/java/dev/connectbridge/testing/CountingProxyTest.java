package dev.connectbridge.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client and an agent see of the faults between them. */
@Timeout(20)
class CountingProxyTest {
  private static final byte[] ASKED = "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII);

  private ServerSocket door;
  private CountingProxy proxy;
  private Socket client;
  private Socket agent;

  @BeforeEach
  void connect() throws IOException {
    door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    proxy = CountingProxy.before(door.getLocalPort());
    client = new Socket(InetAddress.getLoopbackAddress(), URI.create(proxy.address()).getPort());
    agent = door.accept();
    client.getOutputStream().write(ASKED);
    assertThat(agent.getInputStream().readNBytes(ASKED.length)).isEqualTo(ASKED);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    agent.close();
    proxy.close();
    door.close();
  }

  @Test
  void aResetBreaksBothEnds() {
    proxy.reset();

    for (Socket end : new Socket[] {client, agent}) {
      assertThatThrownBy(() -> end.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void aCutIsAnEndInGoodOrder() throws IOException {
    proxy.cut();

    assertThat(client.getInputStream().read()).isEqualTo(-1);
    assertThat(agent.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void anAnswerIsKeptAndComesWholeOnceNothingIsSlowAnyMore() throws IOException {
    byte[] answer = "HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII);
    proxy.slowAnswers(Duration.ofMinutes(1));

    agent.getOutputStream().write(answer);
    client.setSoTimeout(100);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    proxy.slowAnswers(Duration.ZERO);

    client.setSoTimeout(0);
    assertThat(client.getInputStream().readNBytes(answer.length)).isEqualTo(answer);
  }

  @Test
  void whileAnswersAreKeptTheAgentIsAskedAllTheSame() throws IOException {
    proxy.slowAnswers(Duration.ofMinutes(1));

    client.getOutputStream().write(ASKED);

    assertThat(agent.getInputStream().readNBytes(ASKED.length)).isEqualTo(ASKED);
  }
}
