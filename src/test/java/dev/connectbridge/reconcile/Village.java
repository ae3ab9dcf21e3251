package dev.connectbridge.reconcile;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The files of a history: a few jobs that come, go, move and break, and what they want. */
final class Village {
  private static final Map<State, Snapshot.File> READ = new ConcurrentHashMap<>();

  /**
   * With this flavour a service has a check, with the other a meta, and its sidecar an upstream.
   */
  private static final int CHECKED = 2;

  private static final int ADORNED = 1;
  private static final int BELOW = 2000;

  private final List<Job> jobs = new ArrayList<>();
  private final Random random;
  private boolean complete = true;

  Village(Random random) {
    this.random = random;
    for (int i = 0; i < 4; i++) {
      jobs.add(new Job("j" + i, 9000 + 100 * i));
    }
    edit();
    edit();
  }

  /** All that the text of a file follows from. */
  private record State(
      String name, int place, int services, int tag, int flavour, boolean broken) {}

  /**
   * What a file wants of one service.
   *
   * @param check the name of its only check, if it has one
   * @param sidecar whether it has one
   * @param adorned whether it has a meta, and its sidecar an upstream
   */
  record Wish(
      String name,
      String group,
      String source,
      int port,
      List<String> tags,
      Optional<String> check,
      boolean sidecar,
      boolean adorned) {

    /** Returns the meta that the file says, by which nobody owns anything. */
    Map<String, String> meta() {
      return adorned ? Map.of("said", name) : Map.of();
    }

    /**
     * Returns the upstreams of its sidecar, and the ports that they are at, which clash with none.
     */
    Map<String, Integer> upstreams() {
      return adorned ? Map.of("up-of-" + name, port - BELOW) : Map.of();
    }
  }

  /** A job in a file. */
  private static final class Job {
    private final String name;
    private final int port;
    private int place;
    private int services;
    private int tag;
    private int flavour;
    private boolean broken;

    private Job(String name, int port) {
      this.name = name;
      this.port = port;
    }

    private String file() {
      return name + "-" + place + ".hcl";
    }

    private String service(int i) {
      return name + "s" + i;
    }

    /** Every other service has a sidecar, unless the flavour is another one. */
    private boolean hasSidecar(int i) {
      return (i + flavour) % 2 == 0;
    }

    private Wish wish(int i) {
      return new Wish(
          service(i),
          name + ".g[0]",
          file(),
          port + i,
          List.of("t" + tag),
          flavour == CHECKED ? Optional.of("c" + tag) : Optional.empty(),
          hasSidecar(i),
          flavour == ADORNED);
    }

    private State state() {
      return new State(name, place, services, tag, flavour, broken);
    }

    private String text() {
      if (broken) {
        return "job {";
      }
      StringBuilder blocks = new StringBuilder();
      for (int i = 0; i < services; i++) {
        blocks.append(block(wish(i)));
      }
      return "job \"%s\" {\ngroup \"g\" {\nnetwork { mode = \"bridge\" }\n%s}\n}\n"
          .formatted(name, blocks);
    }
  }

  private static String block(Wish wish) {
    StringBuilder block = new StringBuilder();
    wish.meta()
        .forEach((key, value) -> block.append("meta { %s = \"%s\" }\n".formatted(key, value)));
    wish.check().ifPresent(check -> block.append(Shop.CHECK.formatted(check)));
    StringBuilder upstreams = new StringBuilder();
    wish.upstreams()
        .forEach(
            (name, port) ->
                upstreams.append(
                    "proxy {\nupstreams {\ndestination_name = \"%s\"\nlocal_bind_port = %d\n}\n}\n"
                        .formatted(name, port)));
    if (wish.sidecar()) {
      block.append("connect {\nsidecar_service {\n").append(upstreams).append("}\n}\n");
    }
    return "service {\nname = \"%s\"\nport = \"%d\"\ntags = [\"%s\"]\n%s}\n"
        .formatted(wish.name(), wish.port(), String.join("", wish.tags()), block);
  }

  private Job any() {
    return jobs.get(random.nextInt(jobs.size()));
  }

  void edit() {
    Job job = any();
    switch (random.nextInt(4)) {
      case 0 -> job.services = random.nextInt(3);
      case 1 -> job.services = 1 + random.nextInt(3);
      case 2 -> job.tag = random.nextInt(3);
      default -> job.flavour = random.nextInt(3);
    }
  }

  void move() {
    Job job = any();
    job.place = 1 - job.place;
  }

  /** Most of it is wanted no more, or all of it, as when somebody empties the wrong directory. */
  void purge() {
    int first = random.nextInt(2);
    jobs.subList(first, jobs.size()).forEach(job -> job.services = 0);
  }

  /** All of it is wanted again. */
  void settle() {
    jobs.stream().filter(job -> job.services == 0).forEach(job -> job.services = 1);
  }

  /** Nobody wants one of the jobs, until what is returned is run. */
  Runnable withoutOne() {
    Job job = any();
    int before = job.services;
    job.services = 0;
    return () -> job.services = before;
  }

  /** Nobody wants the job of a service any more. */
  void drop(String service) {
    jobs.stream().filter(job -> service.startsWith(job.name)).forEach(job -> job.services = 0);
  }

  void breakOne() {
    Job job = any();
    job.broken = !job.broken;
  }

  void unreadable() {
    complete = !complete;
  }

  void mend() {
    complete = true;
    jobs.forEach(job -> job.broken = false);
  }

  boolean isComplete() {
    return complete;
  }

  /** Returns the files that cannot be read as they stand. */
  Set<String> broken() {
    Set<String> broken = new TreeSet<>();
    jobs.stream().filter(job -> job.broken).forEach(job -> broken.add(job.file()));
    return broken;
  }

  /** Returns where a service is said, if it is. */
  Optional<String> fileOf(String service) {
    return jobs.stream().filter(job -> service.startsWith(job.name)).map(Job::file).findFirst();
  }

  boolean isCalm() {
    return complete && broken().isEmpty();
  }

  /** Returns the names of the services that files which can be read want. */
  Set<String> wanted() {
    return names(any -> true);
  }

  /** Returns what files which can be read want, service by service. */
  List<Wish> wishes() {
    List<Wish> wishes = new ArrayList<>();
    for (Job job : jobs) {
      for (int i = 0; i < job.services && !job.broken; i++) {
        wishes.add(job.wish(i));
      }
    }
    return wishes;
  }

  private Set<String> names(Predicate<Wish> which) {
    Set<String> names = new TreeSet<>();
    wishes().stream().filter(which).forEach(wish -> names.add(wish.name()));
    return names;
  }

  /** Returns the groups of which something is wanted. */
  Set<String> groups() {
    Set<String> groups = new TreeSet<>();
    jobs.stream().filter(job -> job.services > 0).forEach(job -> groups.add(job.name + ".g[0]"));
    return groups;
  }

  /** Returns the names of the services that have sidecars, of those. */
  Set<String> meshed() {
    return names(Wish::sidecar);
  }

  /** Returns what is read now; a source that is not complete lacks one file. */
  Snapshot snapshot() {
    List<Snapshot.File> files = new ArrayList<>();
    for (Job job : jobs) {
      boolean seen = complete || !job.name.equals("j0");
      if (seen && (job.broken || job.services > 0)) {
        files.add(READ.computeIfAbsent(job.state(), any -> Specs.file(job.file(), job.text())));
      }
    }
    return new Snapshot(files, complete, List.of());
  }

  /** Returns the same in another order. */
  Snapshot shuffled() {
    Snapshot snapshot = snapshot();
    List<Snapshot.File> files = new ArrayList<>(snapshot.files());
    java.util.Collections.shuffle(files, random);
    return new Snapshot(files, snapshot.complete(), snapshot.problems());
  }
}
