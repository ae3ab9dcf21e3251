package dev.connectbridge.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ListeningPortsTest {

  @Test
  void aPortThatSomebodyListensOnShowsUpAndGoes() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      assertThat(ListeningPorts.now()).contains(port);
    }
    assertThat(ListeningPorts.now()).doesNotContain(port);
  }

  @Test
  void onlyWhatListensCounts() {
    SortedSet<Integer> ports = new TreeSet<>();

    ListeningPorts.addTo(ports, "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:0");
    ListeningPorts.addTo(ports, "   1: 0100007F:1F91 0100007F:1F90 01 00000000:00000000 00:0");
    ListeningPorts.addTo(ports, "   2: 00000000000000000000000001000000:1F92 00:0000 0A 00:00");
    ListeningPorts.addTo(ports, "");

    assertThat(ports).containsExactly(8080, 8082);
  }
}
