package dev.connectbridge.reconcile;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The files of a history: a few jobs that come, go, move and break, and what they want. */
final class Village {
  private static final Map<State, Snapshot.File> READ = new ConcurrentHashMap<>();

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

    private State state() {
      return new State(name, place, services, tag, flavour, broken);
    }

    private String text() {
      if (broken) {
        return "job {";
      }
      StringBuilder blocks = new StringBuilder();
      for (int i = 0; i < services; i++) {
        blocks.append(
            "service {\nname = \"%s\"\nport = \"%d\"\ntags = [\"t%d\"]\n%s%s}\n"
                .formatted(
                    service(i),
                    port + i,
                    tag,
                    hasSidecar(i) ? Shop.CONNECT : "",
                    flavour == 2 ? Shop.CHECK.formatted("c" + tag) : ""));
      }
      return "job \"%s\" {\ngroup \"g\" {\nnetwork { mode = \"bridge\" }\n%s}\n}\n"
          .formatted(name, blocks);
    }
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
  java.util.Optional<String> fileOf(String service) {
    return jobs.stream().filter(job -> service.startsWith(job.name)).map(Job::file).findFirst();
  }

  boolean isCalm() {
    return complete && broken().isEmpty();
  }

  /** Returns the names of the services that files which can be read want. */
  Set<String> wanted() {
    Set<String> names = new TreeSet<>();
    for (Job job : jobs) {
      for (int i = 0; i < job.services && !job.broken; i++) {
        names.add(job.service(i));
      }
    }
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
    Set<String> names = new TreeSet<>();
    for (Job job : jobs) {
      for (int i = 0; i < job.services && !job.broken; i++) {
        if (job.hasSidecar(i)) {
          names.add(job.service(i));
        }
      }
    }
    return names;
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
