package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.plan.Plan;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What happens to the files in a storm, and what must have come of it: all that a seed says. */
final class StormHistory {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int LEAST_ACTS = 30;

  final Storm storm;
  private final Random random;
  private final List<StormJob> jobs;
  private final StringBuilder told = new StringBuilder();
  private final long seed;
  private int acts;

  StormHistory(Path data, long seed, boolean isClockSet, StormPlant plant) {
    SplittableRandom seeds = new SplittableRandom(seed); // those of neighbours begin alike
    this.storm =
        new Storm(
            data,
            new Random(seeds.nextLong()),
            new StormClock(new Random(seeds.nextLong()), isClockSet),
            plant);
    this.random = new Random(seeds.nextLong());
    this.seed = seed;
    this.jobs = Stream.of("one", "two").map(name -> new StormJob(name, random)).toList();
    jobs.forEach(job -> storm.book.delay(job.name, Duration.ofSeconds(job.groupDelay)));
  }

  long seed() {
    return seed;
  }

  /** Returns how often something was done to it, before it came to rest. */
  int acts() {
    return acts;
  }

  private boolean isPatient() {
    return Math.floorMod(seed, 16) == 0;
  }

  String told() {
    return told + String.join("\n", storm.traced());
  }

  /** Returns all that was done outside of the bridge, when, and the receipts. */
  List<String> seen() {
    return Stream.concat(storm.traced().stream(), storm.book.receipts().stream()).toList();
  }

  /** Lives through it all. */
  void happen() {
    jobs.forEach(job -> job.services = 1 + random.nextInt(3));
    write();
    storm.advance(Duration.ofMillis(random.nextInt(8000)));
    int most = LEAST_ACTS + random.nextInt(8);
    while (acts < most) {
      acts++;
      act(jobs.get(random.nextInt(jobs.size())));
      write();
      storm.setClock(4);
      storm.advance(Duration.ofMillis(random.nextInt(random.nextInt(3) == 0 ? 12_000 : 1_500)));
    }
    rest();
  }

  private void act(StormJob job) {
    int what = random.nextInt(18);
    storm.book.unguard(what == 14 || what == 17 ? "" : job.name);
    told.append("%s act %d on %s life %d%n".formatted(storm.now(), what, job.name, storm.lives()));
    Duration before = job.touched;
    job.touched = storm.now();
    switch (what) {
      case 0, 1, 2, 3, 4, 5, 6 -> edit(job, what);
      case 7 -> breakOrMend(job, before);
      case 8, 9 -> storm.light();
      case 10 -> storm.stall(random.nextBoolean());
      case 11 -> storm.drain(job.group());
      case 12 -> storm.resume(job.group());
      case 13 ->
          List.copyOf(storm.driver.running().keySet()).stream()
              .findAny()
              .ifPresent(storm.driver::die);
      case 14 -> storm.leaveAll();
      case 15, 16 -> blink(job);
      default -> empty();
    }
  }

  private void edit(StormJob job, int what) {
    switch (what) {
      case 0, 1 -> {
        storm.met(StormTrouble.GONE);
        job.services = 0;
      }
      case 2, 3 -> {
        storm.met(StormTrouble.RESIZED);
        job.services = 1 + random.nextInt(3);
      }
      case 4 -> {
        storm.met(StormTrouble.OTHER_TASK);
        job.task++;
      }
      case 5 -> {
        storm.met(StormTrouble.OTHER_TAG);
        job.tag++;
      }
      default -> {
        storm.met(StormTrouble.MOVE);
        job.file = job.name + random.nextInt(2) + ".hcl";
      }
    }
  }

  private void breakOrMend(StormJob job, Duration before) {
    job.broken = !job.broken;
    if (job.broken) {
      storm.met(StormTrouble.BROKEN_FILE);
      if (storm.hasHeard() && storm.now().compareTo(before.plusSeconds(10)) > 0) {
        storm.book.guard(job.name, job.file);
        if (random.nextBoolean()) {
          storm.light();
        }
      }
    }
  }

  /** The agent has lost everything, and takes another token. */
  private void empty() {
    storm.met(StormTrouble.AGENT_EMPTIED);
    storm.book.emptied();
    storm.agent.real().hold(new Observed(List.of(), List.of(), List.of()));
    storm.agent.real().carry("token " + random.nextInt(2));
  }

  /** It is gone, and then it is there again. */
  private void blink(StormJob job) {
    storm.met(StormTrouble.BLINK);
    int services = job.services;
    job.services = 0;
    write();
    storm.wake();
    if (random.nextBoolean()) {
      storm.met(StormTrouble.CLINGS);
      storm.agent.cling(Duration.ofMillis(random.nextInt(1500)));
    }
    storm.advance(Duration.ofMillis(random.nextInt(300)));
    job.services = services;
    storm.wake();
  }

  private void write() {
    for (StormJob job : jobs) {
      for (int i = 0; i < 2; i++) {
        String name = job.name + i + ".hcl";
        boolean here = name.equals(job.file) && (job.services > 0 || job.broken);
        storm.file(name, here ? job.text() : null);
      }
    }
  }

  /** What was refused in the storm is tried again within ten minutes; most are at rest sooner. */
  private void rest() {
    int crashes = storm.lives();
    storm.calm();
    jobs.forEach(job -> job.broken = false);
    storm.book.unguard("");
    write();
    storm.advance(Duration.ofSeconds(30));
    jobs.forEach(job -> storm.resume(job.group()));
    Duration end = storm.now().plus(LONG);
    do {
      storm.advance(Duration.ofSeconds(30));
    } while (storm.now().compareTo(end) < 0 && (isPatient() || !isAsWanted()));
    storm.advance(Duration.ofSeconds(45));
    told.append("calm\n");
    staysAsWanted();
    storm.book.balance(crashes);
    storm.agent.real().writes();
    storm.driver.calls().clear();
    storm.advance(Duration.ofSeconds(20));
    assertThat(storm.agent.real().writes()).isEmpty();
    assertThat(storm.driver.calls()).isEmpty();
    assertThat(storm.book.open()).isEmpty();
  }

  private boolean isAsWanted() {
    return storm.plan().equals(Optional.of(Plan.NOTHING))
        && storm.book.open().isEmpty()
        && storm.wanted().isPresent()
        && launches(storm.wanted().get()).equals(storm.driver.running());
  }

  private static SortedMap<String, String> launches(Desired desired) {
    SortedMap<String, String> launches = new TreeMap<>();
    for (Workload workload : desired.workloads()) {
      workload.launch().ifPresent(launch -> launches.put(Wants.id(launch), launch.hash()));
    }
    return launches;
  }

  private void staysAsWanted() {
    Desired desired = storm.wanted().orElseThrow();
    assertThat(storm.plan()).contains(Plan.NOTHING);
    assertThat(desired.workloads()).hasSize(jobs.stream().mapToInt(job -> job.services).sum());
    for (Workload workload : desired.workloads()) {
      assertThat(storm.supervisor().isLeaving(workload.registration().id())).isFalse();
    }
    assertThat(storm.driver.running()).isEqualTo(launches(desired));
    assertThat(storm.driver.all()).isEqualTo(storm.driver.running().keySet());
    assertThat(storm.book.maintained()).isEmpty();
    assertThat(storm.seekers()).isZero();
    assertThat(storm.book.records()).isEqualTo(storm.driver.running().keySet());
  }
}
