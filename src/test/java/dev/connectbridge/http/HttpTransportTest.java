package dev.connectbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectbridge.http.HttpTransport.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@WireMockTest
class HttpTransportTest {
  private static final String SECRET = "5ec2e7-token";

  @ParameterizedTest
  @CsvSource({
    "http://10.0.0.1:8500, http://10.0.0.1:8500/",
    "https://consul.example, https://consul.example/",
    "10.0.0.1:8500, http://10.0.0.1:8500/",
    "localhost:8500, http://localhost:8500/",
    "[::1]:8500, http://[::1]:8500/",
    "http://gate.example/consul, http://gate.example/consul",
    "unix:///run/consul.sock, http://localhost/"
  })
  void addressesAreThoseOfConsul(String text, String base) {
    try (HttpTransport transport = new HttpTransport(Options.open(text))) {
      assertThat(transport.base().toString()).isEqualTo(base);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unix://",
        "tcp://10.0.0.1:8500",
        "http://",
        "10.0.0.1:port",
        "http://h:1?token=hunter2",
        "http://user:hunter2@10.0.0.1:8500"
      })
  void otherAddressesAreRefusedWithoutRepeatingThem(String text) {
    assertThatThrownBy(() -> new HttpTransport(Options.open(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unix:///path")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void theTokenTravelsInOneHeaderAndNeverInTheUrl(WireMockRuntimeInfo agent) throws IOException {
    Options options = new Options(agent.getHttpBaseUrl(), () -> Optional.of(" " + SECRET + "\n"));
    try (HttpTransport transport = new HttpTransport(options)) {
      Request request =
          new Request.Builder()
              .url(agent.getHttpBaseUrl() + "/v1/kv/a?token=other&x=1&token=" + SECRET)
              .addHeader("X-Consul-Token", "")
              .addHeader("x-consul-token", "other")
              .build();
      transport.client().newCall(request).execute().close();
    }

    LoggedRequest seen = WireMock.findAll(WireMock.anyRequestedFor(WireMock.anyUrl())).get(0);
    assertThat(seen.getUrl()).isEqualTo("/v1/kv/a?x=1");
    assertThat(seen.header("X-Consul-Token").values()).containsExactly(SECRET);
  }

  @Test
  void withoutATokenThereIsNoHeader(WireMockRuntimeInfo agent) throws IOException {
    try (HttpTransport transport = new HttpTransport(Options.open(agent.getHttpBaseUrl()))) {
      Request request =
          new Request.Builder().url(transport.base()).addHeader("X-Consul-Token", "").build();
      transport.client().newCall(request).execute().close();
    }

    WireMock.verify(WireMock.anyRequestedFor(WireMock.anyUrl()).withoutHeader("X-Consul-Token"));
  }

  @Test
  void nobodyElseIsGivenTheToken(WireMockRuntimeInfo stranger) throws IOException {
    Options options = new Options("http://127.0.0.1:1", () -> Optional.of(SECRET));
    try (HttpTransport transport = new HttpTransport(options)) {
      Request request = new Request.Builder().url(stranger.getHttpBaseUrl()).build();
      transport.client().newCall(request).execute().close();
    }

    WireMock.verify(WireMock.anyRequestedFor(WireMock.anyUrl()).withoutHeader("X-Consul-Token"));
  }

  @Test
  void theTokenIsReadAgainForEveryRequest(WireMockRuntimeInfo agent) throws IOException {
    AtomicReference<String> file = new AtomicReference<>("one");
    Options options = new Options(agent.getHttpBaseUrl(), () -> Optional.of(file.get()));
    try (HttpTransport transport = new HttpTransport(options)) {
      transport
          .client()
          .newCall(new Request.Builder().url(transport.base()).build())
          .execute()
          .close();
      file.set("two");
      transport
          .client()
          .newCall(new Request.Builder().url(transport.base()).build())
          .execute()
          .close();
    }

    assertThat(WireMock.findAll(WireMock.anyRequestedFor(WireMock.anyUrl())))
        .extracting(request -> request.getHeader("X-Consul-Token"))
        .containsExactlyInAnyOrder("one", "two");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5ec2e7\n-token", "5ec2e7 -token", "5ec2e7\u00fc"})
  void aTokenThatNoHeaderCanCarryIsNotRepeated(String broken, WireMockRuntimeInfo agent) {
    Options options = new Options(agent.getHttpBaseUrl(), () -> Optional.of(broken));
    try (HttpTransport transport = new HttpTransport(options)) {
      Request request = new Request.Builder().url(transport.base()).build();

      assertThatThrownBy(() -> transport.client().newCall(request).execute())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("token")
          .hasMessageNotContaining("5ec2e7");
    }
  }

  @Test
  void aTokenFileThatCannotBeReadFailsTheRequest(WireMockRuntimeInfo agent) {
    Options options =
        new Options(
            agent.getHttpBaseUrl(),
            () -> {
              throw new UncheckedIOException(new NoSuchFileException("/run/token"));
            });
    try (HttpTransport transport = new HttpTransport(options)) {
      Request request = new Request.Builder().url(transport.base()).build();

      assertThatThrownBy(() -> transport.client().newCall(request).execute())
          .isInstanceOf(NoSuchFileException.class);
    }
    assertThat(options.toString()).doesNotContain(SECRET);
  }

  @Test
  void redirectsAreNotFollowed(WireMockRuntimeInfo agent) throws IOException {
    WireMock.stubFor(
        WireMock.get("/from")
            .willReturn(WireMock.temporaryRedirect(agent.getHttpBaseUrl() + "/to")));
    try (HttpTransport transport = new HttpTransport(Options.open(agent.getHttpBaseUrl()))) {
      Request request = new Request.Builder().url(agent.getHttpBaseUrl() + "/from").build();
      try (Response response = transport.client().newCall(request).execute()) {
        assertThat(response.code()).isEqualTo(302);
      }
    }
    WireMock.verify(0, WireMock.getRequestedFor(WireMock.urlEqualTo("/to")));
  }

  @Test
  void aUnixSocketIsAsGoodAsAPort(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("a gent.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      Thread agent = new Thread(() -> answerTwice(server));
      agent.start();
      Options options = new Options("unix://" + path, () -> Optional.of(SECRET));
      try (HttpTransport transport = new HttpTransport(options)) {
        for (String expected : List.of("one", "two")) {
          Request request = new Request.Builder().url(transport.base()).build();
          try (Response response = transport.client().newCall(request).execute()) {
            assertThat(response.body().string()).isEqualTo(expected);
          }
        }
      }
      agent.join();
    }
  }

  private static void answerTwice(ServerSocketChannel server) {
    try (SocketChannel client = server.accept()) {
      for (String text : List.of("one", "two")) {
        ByteBuffer request = ByteBuffer.allocate(4096);
        client.read(request);
        String asked = StandardCharsets.US_ASCII.decode(request.flip()).toString();
        String body = asked.contains("X-Consul-Token: " + SECRET) ? text : "no token";
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aMarkTellsTokensApartAndNothingElse() throws IOException {
    AtomicReference<String> token = new AtomicReference<>(SECRET);
    try (HttpTransport transport =
        new HttpTransport(new Options("127.0.0.1:1", () -> Optional.of(token.get())))) {
      String mark = transport.tokenMark();
      assertThat(transport.tokenMark()).isEqualTo(mark).matches("[0-9a-f]{32}");

      token.set(SECRET + "2");
      assertThat(transport.tokenMark()).isNotEqualTo(mark);
      token.set(" " + SECRET + "\n");
      assertThat(transport.tokenMark()).isEqualTo(mark);
      token.set("");
      assertThat(transport.tokenMark()).isEmpty();
    }
  }
}
