package dev.connectbridge.writer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.consul.CatalogApi.Held;
import dev.connectbridge.consul.CatalogApi.Lock;
import dev.connectbridge.consul.ConsulAgent;
import dev.connectbridge.host.ProcessMark;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.testing.Asked;
import dev.connectbridge.testing.Fault;
import dev.connectbridge.testing.InProcess;
import dev.connectbridge.testing.SimulatedAgent;
import dev.connectbridge.testing.VirtualTime;
import dev.connectbridge.writer.Mandate.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CandidateTest {
  private static final String KEY = "connect-bridge/default/n1/writer";

  @TempDir private Path top;

  private final VirtualTime time = new VirtualTime();
  private SimulatedAgent agent = new SimulatedAgent(SimulatedAgent.Options.dev(), time);
  private String token = "";
  private Optional<ConsulAgent> client = Optional.empty();

  private Lock lock() {
    ConsulAgent made =
        ConsulAgent.at(
            HttpTransport.answeredBy(
                new HttpTransport.Options("http://127.0.0.1:8500", () -> Optional.of(token)),
                new InProcess(agent, time::advance)));
    client = Optional.of(made);
    return made.locks();
  }

  @AfterEach
  void close() {
    client.ifPresent(ConsulAgent::close);
  }

  private Candidate candidate(Path data) {
    return new Candidate(
        lock(),
        () -> "n1",
        "default",
        new Tenure(Optional.of(data)),
        () -> Duration.between(Instant.EPOCH, time.instant()));
  }

  private Path directory(String name) throws IOException {
    return Files.createDirectories(top.resolve(name));
  }

  private Held key() throws Exception {
    return lock().read(KEY);
  }

  /** Somebody of another machine, or of a process that has ended, has the lock. */
  private String taken(Optional<ProcessMark> by, long epoch) throws Exception {
    String session = lock().open("other");
    lock().acquire(KEY, session, new Holder("other", by, epoch, false).text());
    return session;
  }

  private static ProcessMark ended() {
    ProcessMark own = ProcessMark.own().orElseThrow();
    return new ProcessMark(own.machine(), own.pid(), "1");
  }

  @Test
  void theFirstHasTheLockAndTheSecondWaits() throws Exception {
    Mandate first = candidate(directory("a")).seek();
    Mandate second = candidate(directory("b")).seek();

    assertThat(first).isEqualTo(Mandate.writer(1, "it has the lock of " + KEY));
    assertThat(second.state()).isEqualTo(State.STANDBY);
    assertThat(second.why())
        .startsWith("process %d (epoch 1) has the lock".formatted(ProcessHandle.current().pid()))
        .endsWith(key().session().orElseThrow());
  }

  @Test
  void nothingIsWrittenWhileAllIsAsItWas() throws IOException {
    Candidate first = candidate(directory("a"));
    Candidate second = candidate(directory("b"));
    first.seek();
    second.seek();
    agent.takeWrites();

    first.seek();
    second.seek();

    assertThat(agent.takeWrites()).isEmpty();
  }

  @Test
  void aKilledBridgeTakesItsSessionUpAgain() throws Exception {
    Candidate killed = candidate(directory("a"));
    killed.seek();
    Held before = key();
    killed.abandon();

    Mandate again = candidate(directory("a")).seek();

    assertThat(again.state()).isEqualTo(State.WRITER);
    assertThat(again.epoch()).isEqualTo(1);
    assertThat(key().session()).isEqualTo(before.session());
    assertThat(key().times()).isEqualTo(1);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(top.resolve("a/writer"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aKilledBridgeGoesOnThoughConsulCannotBeAsked() throws IOException {
    Candidate killed = candidate(directory("a"));
    killed.seek();
    killed.abandon();
    agent.leaderless(true);

    Mandate again = candidate(directory("a")).seek();
    Mandate fresh = candidate(directory("b")).seek();

    assertThat(again.state()).isEqualTo(State.WRITER);
    assertThat(again.epoch()).isEqualTo(1);
    assertThat(again.why()).startsWith("as before; ").contains("No cluster leader");
    assertThat(fresh.state()).isEqualTo(State.UNDECIDED);
  }

  @Test
  void whoeverWaitsDoesNotForgetThatForWantOfAnAnswer() throws Exception {
    taken(Optional.empty(), 4);
    Candidate waiting = candidate(directory("a"));
    waiting.seek();

    agent.leaderless(true);
    assertThat(waiting.seek().state()).isEqualTo(State.STANDBY);
    agent.leaderless(false);
    agent.faults(asked -> Fault.REFUSED);
    assertThat(waiting.seek().state()).isEqualTo(State.STANDBY);
  }

  @Test
  void theLockOfAProcessThatHasEndedIsTakenAtOnce() throws Exception {
    String session = taken(Optional.of(ended()), 4);

    Mandate mandate = candidate(directory("a")).seek();

    assertThat(mandate.state()).isEqualTo(State.WRITER);
    assertThat(mandate.epoch()).isEqualTo(5);
    assertThat(lock().isOpen(session)).isFalse();
  }

  @Test
  void whoeverMayLiveElsewhereIsWaitedFor() throws Exception {
    String session = taken(Optional.of(new ProcessMark("elsewhere", 1, "1")), 4);
    Candidate waiting = candidate(directory("a"));

    assertThat(waiting.seek().state()).isEqualTo(State.STANDBY);
    assertThat(waiting.isToLookAgain()).isFalse();
    lock().close(session);
    assertThat(waiting.seek().state()).isEqualTo(State.STANDBY);
    assertThat(waiting.isToLookAgain()).isTrue();
    time.advance(Duration.ofMillis(600));
    assertThat(waiting.seek()).isEqualTo(Mandate.writer(5, "it has the lock of " + KEY));
  }

  @Test
  void whoeverLivesAndLostItsSessionHasItAgainFirst() throws IOException {
    Candidate first = candidate(directory("a"));
    Candidate second = candidate(directory("b"));
    first.seek();
    second.seek();
    agent.nodeFails();
    time.advance(Duration.ofSeconds(1));

    assertThat(second.seek().state()).isEqualTo(State.STANDBY);
    assertThat(first.seek().state()).isEqualTo(State.WRITER);
    agent.nodeFails();
    second.seek();
    time.advance(Duration.ofSeconds(4));
    assertThat(second.seek()).extracting(Mandate::state).isEqualTo(State.WRITER);
    assertThat(first.seek().state()).isEqualTo(State.STANDBY);
    assertThat(second.seek().epoch()).isEqualTo(3);
  }

  @Test
  void theEpochDoesNotGoBackWhenAllIsLost() throws IOException {
    Candidate first = candidate(directory("a"));
    first.seek();
    for (int i = 0; i < 3; i++) {
      agent.nodeFails();
      first.seek();
    }
    agent.restart();

    assertThat(first.seek().epoch()).isEqualTo(5);
  }

  @Test
  void theEpochRisesAboveWhatEntriesSay() throws IOException {
    Candidate first = candidate(directory("a"));
    first.seek();
    first.met(9);

    assertThat(first.seek().epoch()).isEqualTo(10);
    assertThat(first.seek().epoch()).isEqualTo(10);
  }

  @Test
  void whoeverLetsGoLeavesNothing() throws Exception {
    Candidate first = candidate(directory("a"));
    Candidate second = candidate(directory("b"));
    first.seek();
    second.seek();
    String session = key().session().orElseThrow();
    first.release();

    assertThat(key().session()).isEmpty();
    assertThat(lock().isOpen(session)).isFalse();
    assertThat(second.seek().epoch()).isEqualTo(2);
    assertThat(candidate(directory("a")).seek().state()).isEqualTo(State.STANDBY);
  }

  @Test
  void aCopyOfADataDirectoryDoesNotMakeTwoWriters() throws IOException {
    Candidate first = candidate(directory("a"));
    first.seek();
    Files.copy(top.resolve("a/writer"), directory("b").resolve("writer"));

    assertThat(candidate(directory("b")).seek().state()).isEqualTo(State.STANDBY);
    assertThat(first.seek().state()).isEqualTo(State.WRITER);
  }

  @Test
  void aTokenWithoutTheRightsLeavesTheLocksOfFiles() throws IOException {
    agent = new SimulatedAgent(SimulatedAgent.Options.dev().withAcls("master"), time);

    Mandate without = candidate(directory("a")).seek();
    token = "master";
    Mandate with = candidate(directory("a")).seek();

    assertThat(without.state()).isEqualTo(State.ALONE);
    assertThat(without.why())
        .isEqualTo(
            "the token lacks session \"n1\" { policy = \"write\" } and key \"%s\" { policy ="
                    .formatted(KEY)
                + " \"write\" }, nor can it be seen");
    assertThat(without.heeds()).isZero();
    assertThat(with.state()).isEqualTo(State.WRITER);
  }

  /** Returns a token of an agent that asks for rights. */
  private String tokenFor(String rules) throws IOException {
    ObjectNode policy = JsonNodeFactory.instance.objectNode().put("Name", "p").put("Rules", rules);
    agent = new SimulatedAgent(SimulatedAgent.Options.dev().withAcls("master"), time);
    agent.answer(Asked.with("master", "PUT", "/v1/acl/policy", policy.toString()));
    String named = "{\"Policies\":[{\"Name\":\"p\"}]}";
    return new ObjectMapper()
        .readTree(agent.answer(Asked.with("master", "PUT", "/v1/acl/token", named)).body())
        .path("SecretID")
        .asText();
  }

  @Test
  void whoeverMayOnlyLookWaitsForTheOneThatHasIt() throws Exception {
    String looks = tokenFor("key_prefix \"connect-bridge/\" { policy = \"read\" }");
    token = "master";
    Candidate first = candidate(directory("a"));
    first.seek();
    token = looks;
    Candidate weak = candidate(directory("b"));

    assertThat(weak.seek().state()).isEqualTo(State.STANDBY);
    assertThat(weak.seek().why()).contains("has the lock of " + KEY);
    token = "master";
    first.release();
    token = looks;
    assertThat(weak.seek().state()).isEqualTo(State.ALONE);
    assertThat(weak.seek().heeds()).isEqualTo(Mandate.NOBODY);
  }

  @Test
  void whoeverWaitsAndMayNotSeeTheKeyAnyMoreGoesOnOnceTheOthersProcessHasEnded() throws Exception {
    String nothing = tokenFor("node_prefix \"\" { policy = \"read\" }");
    token = "master";
    Candidate first = candidate(directory("a"));
    Candidate second = candidate(directory("b"));
    first.seek();
    second.seek();
    token = nothing;

    Mandate lives = second.seek();
    first.abandon();
    Mandate ended = second.seek();

    assertThat(lives.state()).isEqualTo(State.STANDBY);
    assertThat(ended.state()).isEqualTo(State.ALONE);
    assertThat(ended.heeds()).as("what the other has written stays").isZero();
    assertThat(ended.why())
        .startsWith("the token lacks session ")
        .endsWith(
            ", nor can it be seen; process %d (epoch 1), which had the lock, has ended"
                .formatted(ProcessHandle.current().pid()));
    assertThat(second.seek().state()).isEqualTo(State.ALONE);
  }

  @Test
  void whoeverMayLiveElsewhereIsWaitedForUnseenAndThatIsSaid() throws Exception {
    String nothing = tokenFor("node_prefix \"\" { policy = \"read\" }");
    token = "master";
    String session = taken(Optional.of(new ProcessMark("elsewhere", 1, "1")), 4);
    Candidate waiting = candidate(directory("a"));
    waiting.seek();
    assertThat(waiting.isInTheDark()).isFalse();
    token = nothing;

    Mandate unseen = waiting.seek();

    assertThat(unseen.state()).isEqualTo(State.STANDBY);
    assertThat(unseen.why())
        .startsWith(
            "process 1 (epoch 4) had the lock of %s; whether it still has cannot be seen: the token lacks session "
                .formatted(KEY))
        .endsWith(
            "; key:read is enough to see it; if that one is gone for good, start this bridge anew");
    assertThat(waiting.isInTheDark()).isTrue();
    token = "master";
    lock().close(session);
    time.advance(Duration.ofSeconds(1));
    waiting.seek();
    time.advance(Duration.ofSeconds(1));
    assertThat(waiting.seek().state()).isEqualTo(State.WRITER);
    assertThat(waiting.isInTheDark()).isFalse();
  }

  @Test
  void whoeverHasSeenThatNobodyHasTheLockAnyMoreWaitsForNobody() throws Exception {
    String nothing = tokenFor("node_prefix \"\" { policy = \"read\" }");
    token = "master";
    String session = taken(Optional.of(new ProcessMark("elsewhere", 1, "1")), 4);
    Candidate waiting = candidate(directory("a"));
    waiting.seek();
    lock().close(session);
    waiting.seek();
    time.advance(Duration.ofSeconds(1));
    agent.faults(
        asked -> {
          token = asked.target().startsWith("/v1/kv/") ? nothing : token;
          return Fault.NONE;
        });

    Mandate free = waiting.seek();

    assertThat(free.state()).isEqualTo(State.ALONE);
    assertThat(free.why()).contains("/v1/session/create").doesNotContain("cannot be seen");
    assertThat(waiting.seek().state()).isEqualTo(State.ALONE);
  }

  @Test
  void theLockThatSomebodyElseHasByNowIsLost() throws Exception {
    Candidate first = candidate(directory("a"));
    first.seek();
    assertThat(first.isLost()).isFalse();
    agent.leaderless(true);
    assertThat(first.isLost()).as("as far as anybody says").isFalse();
    agent.leaderless(false);
    time.advance(Duration.ofMinutes(1));
    lock().close(key().session().orElseThrow());

    assertThat(first.isLost()).isTrue();
    first.seek();
    assertThat(first.isLost()).isFalse();
  }

  @Test
  void anAcquisitionWithoutAnAnswerIsLookedAtAgain() throws Exception {
    Candidate first = candidate(directory("a"));
    agent.faults(CandidateTest::lostOnceTaken);
    Mandate unsure = first.seek();
    agent.faults(asked -> Fault.NONE);

    assertThat(unsure.state()).isEqualTo(State.UNDECIDED);
    assertThat(first.seek().state()).isEqualTo(State.WRITER);
    assertThat(key().times()).isEqualTo(1);
  }

  @Test
  void norIsItTakenForSomebodyElsesAfterAllWasLost() throws Exception {
    Candidate first = candidate(directory("a"));
    first.seek();
    agent.restart();
    agent.faults(CandidateTest::lostOnceTaken);
    Mandate unsure = first.seek();
    agent.faults(asked -> Fault.NONE);
    String session = key().session().orElseThrow();

    assertThat(unsure.state()).isEqualTo(State.WRITER);
    assertThat(first.seek().state()).isEqualTo(State.WRITER);
    assertThat(key().session()).contains(session);
    assertThat(first.isLost()).isFalse();
  }

  private static Fault lostOnceTaken(Asked asked) {
    return asked.target().contains("acquire=") ? Fault.RESET_AFTER : Fault.NONE;
  }

  @Test
  void withoutTheNodesNameThereIsNoKey() throws IOException {
    Candidate nameless =
        new Candidate(
            lock(), () -> "", "default", new Tenure(Optional.of(directory("a"))), Ticker.SYSTEM);

    assertThat(nameless.seek().state()).isEqualTo(State.ALONE);
    assertThat(agent.takeWrites()).isEmpty();
  }
}
