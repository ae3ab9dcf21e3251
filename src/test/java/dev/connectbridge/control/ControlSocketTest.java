package dev.connectbridge.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.control.ControlException.Kind;
import dev.connectbridge.control.Controlled.Standing;
import dev.connectbridge.control.Controlled.Withheld;
import dev.connectbridge.control.Request.Word;
import dev.connectbridge.converge.Convergence;
import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Receipt;
import dev.connectbridge.supervise.DrainReceipt;
import dev.connectbridge.supervise.Status;
import dev.connectbridge.supervise.Status.State;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both ends of the socket, with a daemon that holds what the test says. */
@Timeout(60)
class ControlSocketTest {
  private static final Optional<Duration> PATIENCE = Optional.of(Duration.ofSeconds(15));
  private static final Request STATUS = new Request.Status();

  private static final Withheld STAYS =
      new Withheld(
          "d1",
          new TreeSet<>(List.of("a.b[0]")),
          new TreeSet<>(List.of("id")),
          "too much",
          "consent",
          true);

  @TempDir private Path data;
  private final Told daemon = new Told();
  private final List<SocketChannel> channels = new ArrayList<>();
  private ControlSocket socket;

  @BeforeEach
  void open() throws IOException {
    socket = ControlSocket.open(data, daemon);
  }

  @AfterEach
  void close() throws IOException {
    for (SocketChannel channel : channels) {
      channel.close();
    }
    socket.close();
  }

  @Test
  void itIsInPlaceUntilSomebodyRemovesItOrPutsAnotherThere() throws IOException {
    assertThat(socket.isInPlace()).isTrue();

    Files.delete(data.resolve("control.sock"));
    assertThat(socket.isInPlace()).isFalse();

    try (ControlSocket other = ControlSocket.open(data, daemon)) {
      assertThat(other.isInPlace()).isTrue();
      assertThat(socket.isInPlace()).isFalse();
      socket.close();
      assertThat(other.isInPlace()).isTrue();
    }
  }

  /** A daemon that keeps drains waiting until the test lets them go. */
  private static final class Told implements Controlled {
    private final LinkedBlockingQueue<CompletableFuture<DrainReceipt>> drains =
        new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();

    private static Status.Task proxy(String id, State state, String handle) {
      return new Status.Task(id, "a.b[0]", "raw_exec", state, handle, 0, "", true);
    }

    @Override
    public CompletionStage<Standing> status() {
      Status status =
          new Status(
              List.of(),
              3,
              new TreeSet<>(List.of("a.b[0]")),
              List.of(proxy("running", State.RUNNING, "77"), proxy("ended", State.LEAVING, "")),
              List.of(),
              new TreeSet<>());
      return CompletableFuture.completedFuture(
          new Standing(
              status,
              Convergence.NOTHING,
              OptionalInt.empty(),
              Optional.of(STAYS),
              new TreeMap<>(Map.of("id", "changed")),
              new Writer("writer", 7, "it has the lock")));
    }

    @Override
    public CompletionStage<DrainReceipt> drain(
        String group, boolean hurried, Optional<Duration> deadline) {
      asked.add(group + " " + hurried + " " + deadline);
      CompletableFuture<DrainReceipt> receipt = new CompletableFuture<>();
      drains.add(receipt);
      return receipt;
    }

    @Override
    public CompletionStage<Withheld> approve(String digest) {
      return digest.equals(STAYS.digest())
          ? CompletableFuture.completedFuture(STAYS)
          : CompletableFuture.failedFuture(new IllegalStateException("by now it is another"));
    }

    @Override
    public CompletionStage<List<String>> adopt(String id) {
      return CompletableFuture.completedFuture(List.of(id));
    }

    @Override
    public CompletionStage<List<String>> release(String name) {
      return CompletableFuture.completedFuture(List.of(name + "-sidecar-proxy", name));
    }

    @Override
    public CompletionStage<List<String>> removeGhost(String id) {
      return CompletableFuture.completedFuture(List.of(id));
    }

    @Override
    public CompletionStage<List<String>> forget(String id) {
      return CompletableFuture.failedFuture(new IllegalArgumentException("no ID of ours: " + id));
    }

    @Override
    public CompletionStage<Boolean> resume(String group) {
      return CompletableFuture.failedFuture(new IllegalArgumentException("no group: " + group));
    }
  }

  private static DrainReceipt receipt() {
    Leaving leaving = new Leaving("a", "a.b[0]", "f", List.of(), List.of(), Duration.ZERO);
    return new DrainReceipt(
        new Receipt(
            leaving,
            Receipt.Cause.COMMAND,
            Receipt.Verdict.PROVEN,
            "",
            Optional.of(Duration.ofMillis(7)),
            Optional.of(Duration.ofMillis(9)),
            List.of(),
            Optional.of(Duration.ofSeconds(1))),
        Instant.EPOCH,
        true);
  }

  private JsonNode ask(Request request) throws ControlException {
    return ControlClient.of(data).ask(request, PATIENCE);
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channels.add(channel);
    channel.connect(UnixDomainSocketAddress.of(data.resolve("control.sock")));
    return channel;
  }

  private String say(String text) throws IOException {
    SocketChannel channel = connect();
    ByteBuffer bytes = UTF_8.encode(text);
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      // it has heard enough
    }
    return rest(channel);
  }

  private static String rest(SocketChannel channel) throws IOException {
    return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
  }

  @Test
  void aQuestionIsAnswered() throws Exception {
    JsonNode status = ask(STATUS);

    assertThat(status.path("not_proven").asInt()).isEqualTo(3);
    assertThat(status.path("held").path(0).asText()).isEqualTo("a.b[0]");
    assertThat(status.path("connections").path("limit").asInt()).isEqualTo(200);
  }

  @Test
  void aProxyThatHasEndedHoldsNoConnections() throws Exception {
    assertThat(ask(STATUS).at("/connections/proxies").asInt()).isEqualTo(1);
  }

  @Test
  void aDrainIsWaitedForAndItsReceiptIsTheAnswer() throws Exception {
    CompletableFuture<JsonNode> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return ask(new Request.Drain("a/b[0]", true, Optional.of(Duration.ofSeconds(3))));
              } catch (ControlException e) {
                throw new IllegalStateException(e);
              }
            });

    CompletableFuture<DrainReceipt> drain = daemon.drains.poll(10, TimeUnit.SECONDS);
    assertThat(daemon.asked).containsExactly("a/b[0] true Optional[PT3S]");
    assertThat(ask(STATUS).isObject()).isTrue();
    assertThat(answer).isNotDone();
    drain.complete(receipt());

    assertThat(answer.get(10, TimeUnit.SECONDS).path("verdict").asText()).isEqualTo("PROVEN");
  }

  @Test
  void whatTheDaemonRefusesIsSaidInItsWords() {
    ControlException refused =
        catchThrowableOfType(ControlException.class, () -> ask(new Request.Resume("x")));

    assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
    assertThat(refused).hasMessage("no group: x");
  }

  @Test
  void whatIsWithheldIsShownAndApproved() throws Exception {
    assertThat(ask(STATUS).at("/withheld/groups/0").asText()).isEqualTo("a.b[0]");
    assertThat(ask(new Request.Approve("d1")).at("/ids/0").asText()).isEqualTo("id");
    assertThatThrownBy(() -> ask(new Request.Approve(""))).hasMessage("by now it is another");
  }

  @Test
  void singleEntriesAreSpokenOf() throws Exception {
    assertThat(ask(STATUS).at("/fights/0/why").asText()).isEqualTo("changed");
    assertThat(ask(new Request.Entry(Word.ADOPT, "x")).at("/adopted/0").asText()).isEqualTo("x");
    assertThat(ask(new Request.Entry(Word.RELEASE, "x")).path("released")).hasSize(2);
    assertThat(ask(new Request.Entry(Word.REMOVE_GHOST, "x")).path("removed")).hasSize(1);
    assertThatThrownBy(() -> ask(new Request.Entry(Word.FORGET, "y")))
        .hasMessage("no ID of ours: y");
    assertThat(say("{\"ask\":\"adopt\"}\n")).contains("\\\"name\\\" is missing");
  }

  @Test
  void garbageIsRefusedAndHarmsNobody() throws Exception {
    assertThat(say("\u0000\u0001garbage\n")).isEqualTo("{\"error\":\"the request is not JSON\"}\n");
    assertThat(say("[]\n")).isEqualTo("{\"error\":\"the request is not a JSON object\"}\n");
    assertThat(say("\n")).startsWith("{\"error\":");
    assertThat(say("{\"ask\":\"shutdown\"}\n"))
        .contains("none of status, drain, resume, approve, adopt");
    assertThat(say("{\"ask\":\"drain\"}\n"))
        .isEqualTo("{\"error\":\"\\\"group\\\" is missing\"}\n");
    assertThat(say("{\"ask\":\"drain\",\"group\":\"g\",\"deadline_ms\":-1}\n")).contains("error");
    assertThat(say("{\"ask\":\"drain\",\"group\":\"g\",\"deadline_ms\":1e99}\n")).contains("error");
    assertThat(say("[".repeat(15_000) + "\n")).contains("error");
    assertThat(daemon.asked).isEmpty();
    assertThat(ask(STATUS).isObject()).isTrue();
  }

  @Test
  void aLineWithoutEndIsCutShort() throws Exception {
    assertThat(say("x".repeat(1_000_000)))
        .isEqualTo("{\"error\":\"the request is longer than 16384 bytes\"}\n");
    assertThat(ask(STATUS).isObject()).isTrue();
  }

  @Test
  void halfALineIsNoQuestion() throws Exception {
    SocketChannel channel = connect();
    channel.write(UTF_8.encode("{\"ask\":\"drain\",\"group\":\"g\"}"));
    channel.shutdownOutput();

    assertThat(rest(channel)).isEmpty();
    assertThat(daemon.asked).isEmpty();
  }

  @Test
  void aLineMayComeInPiecesAndWhoAskedMayShutTheirSide() throws Exception {
    SocketChannel channel = connect();
    channel.write(UTF_8.encode("{\"ask\":"));
    assertThat(ask(STATUS).isObject()).isTrue();
    channel.write(UTF_8.encode("\"status\"}\n"));
    channel.shutdownOutput();

    assertThat(rest(channel)).startsWith("{\"answer\":{");
  }

  @Test
  void whoSaysNothingHindersNobodyAndGivesUpTheChairFirst() throws Exception {
    SocketChannel first = connect();
    for (int others = 0; others < 70; others++) {
      connect();
    }

    assertThat(ask(STATUS).isObject()).isTrue();
    assertThat(rest(first)).isEmpty();
  }

  @Test
  void whoDawdlesIsShownOut() throws Exception {
    socket.close();
    Desk.Rules hasty = new Desk.Rules(4, Duration.ofMillis(50), Ticker.SYSTEM);
    socket = ControlSocket.open(data, daemon, hasty);

    SocketChannel silent = connect();

    assertThat(rest(silent)).isEmpty();
    await() // so hasty is it that we may be too slow as well
        .ignoreExceptionsInstanceOf(ControlException.class)
        .until(() -> ask(STATUS).isObject());
  }

  @Test
  void whoWaitsForADrainKeepsTheChair() throws Exception {
    socket.close();
    Desk.Rules hasty = new Desk.Rules(1, Duration.ofSeconds(2), Ticker.SYSTEM);
    socket = ControlSocket.open(data, daemon, hasty);
    SocketChannel waiting = connect();
    waiting.write(UTF_8.encode("{\"ask\":\"drain\",\"group\":\"g\"}\n"));
    CompletableFuture<DrainReceipt> drain = daemon.drains.poll(10, TimeUnit.SECONDS);

    assertThat(rest(connect())).isEmpty();
    drain.complete(receipt());

    assertThat(rest(waiting)).contains("\"proven\":true");
  }

  @Test
  void whoLeavesInTheMidstOfADrainLeavesTheDrain() throws Exception {
    SocketChannel gone = connect();
    gone.write(UTF_8.encode("{\"ask\":\"drain\",\"group\":\"g\"}\n"));
    CompletableFuture<DrainReceipt> drain = daemon.drains.poll(10, TimeUnit.SECONDS);
    gone.close();

    drain.complete(receipt());

    assertThat(ask(STATUS).isObject()).isTrue();
  }

  @Test
  void itIsOursAloneAndNothingElseIsLeftThere() throws IOException {
    Path file = data.resolve("control.sock");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> names = Files.list(data)) {
      assertThat(names).containsExactly(file);
    }
    socket.close();
    socket.close();
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void aSocketThatAnswersIsNotReplaced() throws Exception {
    assertThatThrownBy(() -> ControlSocket.open(data, daemon))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("somebody else answers at ");
    assertThat(ask(STATUS).isObject()).isTrue();
  }

  @Test
  void whatAKilledDaemonLeftIsReplaced() throws Exception {
    socket.close();
    Files.createDirectory(data.resolve(".s"));
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(data.resolve("control.sock")));
    }
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(data.resolve(".s/s")));
    }

    socket = ControlSocket.open(data, daemon);

    assertThat(ask(STATUS).isObject()).isTrue();
  }

  @Test
  void theSocketOfWhoCameAfterUsStays() throws Exception {
    Files.delete(data.resolve("control.sock"));
    try (ControlSocket next = ControlSocket.open(data, daemon)) {
      socket.close();

      assertThat(next).isNotNull();
      assertThat(ask(STATUS).isObject()).isTrue();
    }
  }

  @Test
  void whereNoDaemonIsThatIsSaid() {
    socket.close();

    ControlException nobody = catchThrowableOfType(ControlException.class, () -> ask(STATUS));

    assertThat(nobody.kind()).isEqualTo(Kind.NOBODY);
    assertThat(nobody).hasMessageStartingWith("no daemon runs with the data directory " + data);
  }

  @Test
  void aDaemonThatGoesAwayHangsUp() throws Exception {
    CompletableFuture<Kind> kind =
        CompletableFuture.supplyAsync(
            () ->
                catchThrowableOfType(
                        ControlException.class,
                        () -> ask(new Request.Drain("g", false, Optional.empty())))
                    .kind());
    assertThat(daemon.drains.poll(10, TimeUnit.SECONDS)).isNotNull();

    socket.close();

    assertThat(kind.get(10, TimeUnit.SECONDS)).isEqualTo(Kind.BROKEN);
  }

  @Test
  void whoeverElseAnswersIsNotBelieved() throws Exception {
    socket.close();
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(data.resolve("control.sock")));
      CompletableFuture<Void> answered =
          CompletableFuture.runAsync(
              () -> {
                try (SocketChannel guest = other.accept()) {
                  guest.write(UTF_8.encode("hello\n"));
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });

      ControlException broken = catchThrowableOfType(ControlException.class, () -> ask(STATUS));

      answered.get(10, TimeUnit.SECONDS);
      assertThat(broken.kind()).isEqualTo(Kind.BROKEN);
    }
  }

  @Test
  void aPathThatNoSocketCanHaveIsSaid() throws IOException {
    Path deep = Files.createDirectories(data.resolve("d".repeat(100)));

    assertThatThrownBy(() -> ControlSocket.open(deep, daemon))
        .hasMessageContaining("is longer than the 107 bytes that the path of a socket may have");
  }
}
