package dev.connectbridge.exec;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The processes of tasks: finding them, signalling them, ending them. */
final class Family {
  private static final int ROUNDS = 300;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  private final Proc proc;

  Family(Proc proc) {
    this.proc = proc;
  }

  /** Returns whether the very process that was started still runs. */
  boolean lives(Note.Leader leader) {
    return entry(leader).filter(entry -> !entry.dead()).isPresent();
  }

  private Optional<Proc.Entry> entry(Note.Leader leader) {
    return leader.boot().equals(proc.boot())
        ? proc.entry(leader.pid()).filter(entry -> entry.start() == leader.start())
        : Optional.empty();
  }

  /** Returns who a process is, if it is still there. */
  Note.Leader leader(long pid) {
    long start = proc.entry(pid).map(Proc.Entry::start).orElse(-1L);
    return new Note.Leader(pid, start, proc.boot());
  }

  /** Returns the signals that a leader hears or ignores, as far as can be seen now. */
  long heard(Note.Leader leader) {
    return lives(leader) ? proc.heard(leader.pid()) : 0;
  }

  /** Waits until a process that was just started leads its own session; or has ended already. */
  void awaitSession(Note.Leader leader) {
    for (int round = 0; round < ROUNDS; round++) {
      Optional<Proc.Entry> entry = entry(leader);
      if (entry.isEmpty() || entry.get().dead() || entry.get().session() == leader.pid()) {
        return;
      }
      LockSupport.parkNanos(PAUSE / 10);
    }
  }

  /**
   * Returns the tasks that marks tell of, with the process that leads each: the first that was
   * started of those that lead a session, or nobody where that one is gone.
   */
  Collection<Note> marked(String owner) throws IOException {
    Map<String, Note> tasks = new TreeMap<>();
    Map<String, Long> starts = new TreeMap<>();
    for (Proc.Entry entry : proc.living()) {
      Optional<Mark> mark =
          Mark.in(proc.environment(entry.pid())).filter(each -> each.owner().equals(owner));
      if (mark.isPresent()) {
        String id = mark.get().id().value();
        Note orphaned =
            new Note(mark.get(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());
        tasks.putIfAbsent(id, orphaned);
        if (entry.session() == entry.pid()
            && entry.start() < starts.getOrDefault(id, Long.MAX_VALUE)) {
          starts.put(id, entry.start());
          tasks.put(id, orphaned.ledBy(new Note.Leader(entry.pid(), entry.start(), proc.boot())));
        }
      }
    }
    return tasks.values();
  }

  /** Returns every process of a task that has not ended, whoever leads. */
  private List<Proc.Entry> members(Note note) throws IOException {
    return members(
        environment -> Mark.in(environment).filter(note.mark()::isOfTaskOf).isPresent(),
        note.leader(),
        ControlGroups.members(note.groups()));
  }

  /** Those that carry a sign, those that are known, and the session of a leader that is ours. */
  private List<Proc.Entry> members(
      Predicate<Map<String, String>> sign, Optional<Note.Leader> leader, Set<Long> known)
      throws IOException {
    List<Proc.Entry> living = proc.living();
    Set<Long> members = new HashSet<>(known);
    for (Proc.Entry entry : living) {
      if (sign.test(proc.environment(entry.pid()))) {
        members.add(entry.pid());
      }
    }
    long session = leader.map(Note.Leader::pid).orElse(-1L);
    boolean ours =
        leader.filter(this::lives).isPresent()
            || living.stream().anyMatch(e -> e.session() == session && members.contains(e.pid()));
    return living.stream()
        .filter(e -> members.contains(e.pid()) || (ours && e.session() == session))
        .filter(e -> e.pid() != ProcessHandle.current().pid())
        .toList();
  }

  /** Sends a signal to the process group of a task, if anybody of it is left. */
  void signal(Note note, String name) throws IOException {
    if (note.leader().isEmpty()) {
      return;
    }
    Note.Leader leader = note.leader().get();
    boolean left =
        lives(leader) || members(note).stream().anyMatch(entry -> entry.group() == leader.pid());
    if (left) {
      send(name, leader.pid());
    }
  }

  /** Sends a signal to a process group; the shell's own kill is on every system. */
  private static void send(String name, long group) throws IOException {
    Tool.ask(
        List.of("/bin/sh", "-c", "kill -s \"$1\" -- \"-$2\"", "sh", name, String.valueOf(group)));
  }

  /** Ends every process of a task, those that left its session as well; returns when all have. */
  void end(Note note) throws IOException {
    signal(note, "KILL");
    end(() -> members(note));
  }

  /** Ends a process, its session, and whatever has a variable of its environment. */
  void end(Note.Leader leader, String variable, String value) throws IOException {
    end(() -> members(sign -> value.equals(sign.get(variable)), Optional.of(leader), Set.of()));
  }

  private void end(Members members) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      List<Proc.Entry> left = members.now();
      if (left.isEmpty()) {
        return;
      }
      left.forEach(this::kill);
      LockSupport.parkNanos(PAUSE);
    }
    throw new IOException("processes of it do not end");
  }

  /** Who is left. */
  private interface Members {
    List<Proc.Entry> now() throws IOException;
  }

  /** A handle ends only the process that it was made for; it must be made for the right one. */
  private void kill(Proc.Entry entry) {
    ProcessHandle.of(entry.pid())
        .filter(
            handle ->
                proc.entry(entry.pid()).filter(now -> now.start() == entry.start()).isPresent())
        .ifPresent(ProcessHandle::destroyForcibly);
  }
}
