package dev.connectbridge.exec;

import dev.connectbridge.sidecar.TaskDirs;
import dev.connectbridge.sidecar.TaskDriver;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.spec.Spelling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks as processes of this machine, each in a session of its own, so that it survives us. It
 * is known again by a note in a directory, and without one by a mark in its environment. Nothing
 * keeps it from anything that its user may do.
 */
public final class RawExecDriver implements TaskDriver {
  private static final Logger log = LoggerFactory.getLogger(RawExecDriver.class);
  private static final String NAME = "raw_exec";

  /** ProcessHandle.onExit polls for what is no child of ours, and tells of an end 2 s late. */
  private static final Duration PERIOD = Duration.ofMillis(250);

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Set<String> observed = ConcurrentHashMap.newKeySet();
  private final Accounts accounts = new Accounts();
  private final Proc proc;
  private final Family family;
  private final Inspection inspection;
  private final Notes notes;
  private final Held held;
  private final Starter starter;
  private final Runnable stop;

  /** Creates the driver; {@code stateDirectory} is its own, and made when it is needed. */
  public RawExecDriver(Path stateDirectory) {
    this(stateDirectory, Hierarchies.ofThisMachine(), Pulse.THREAD);
  }

  RawExecDriver(Path stateDirectory, Hierarchies mounted, Pulse pulse) {
    this.proc = new Proc(Path.of("/proc"));
    this.family = new Family(proc);
    ControlGroups controlGroups = new ControlGroups(mounted);
    this.inspection = new Inspection(accounts, controlGroups);
    this.notes = new Notes(stateDirectory);
    this.held = new Held(notes, family, () -> listeners.forEach(Runnable::run));
    this.starter = new Starter(accounts, controlGroups, notes, family);
    Rotations rotations = new Rotations();
    this.stop = pulse.start(PERIOD, () -> beat(rotations));
  }

  private void beat(Rotations rotations) {
    try {
      held.look();
      rotations.beat(held.all());
    } catch (RuntimeException e) {
      log.error("the tasks were not looked after this time", e); // there will be no other pulse
    }
  }

  @Override
  public List<String> names() {
    return List.of(NAME, Inspection.ALIAS);
  }

  @Override
  public List<String> refusals(TaskOrder order) {
    return inspection.refusals(order);
  }

  @Override
  public Set<String> warnings(TaskOrder order) {
    return inspection.warnings(order);
  }

  @Override
  public TaskDirs seenBy(TaskDirs onThisMachine) {
    return onThisMachine;
  }

  @Override
  public List<TaskState> observe(String owner) throws TaskException {
    return attempt(
        "observe the tasks of " + owner,
        () -> {
          held.look();
          Map<TaskId, Note> marked = new TreeMap<>();
          family.marked(owner).forEach(note -> marked.put(note.id(), note));
          for (Note note : notes.all()) {
            if (note.mark().owner().equals(owner)) {
              adopt(note, Optional.ofNullable(marked.remove(note.id())));
            }
          }
          marked.values().forEach(note -> adopt(note, Optional.of(note)));
          observed.add(owner);
          return held.all().stream()
              .filter(note -> note.mark().owner().equals(owner))
              .map(Note::state)
              .sorted(Comparator.comparing(TaskState::id))
              .toList();
        });
  }

  /** Takes over a task that is not held yet, from its note and from what its mark tells. */
  private void adopt(Note note, Optional<Note> marked) {
    if (held.of(note.id()).isPresent()) {
      return;
    }
    Note known = note;
    if (note.leader().isEmpty()) {
      known = marked.flatMap(Note::leader).map(note::ledBy).orElse(note);
    }
    boolean runs = known.exit().isEmpty() && known.leader().filter(family::lives).isPresent();
    held.adopt(runs || known.exit().isPresent() ? known : known.ended(TaskState.Exit.UNKNOWN));
  }

  /** Returns a task that we know, or that left a note. */
  private Optional<Note> find(TaskId id) throws IOException {
    held.look(id);
    if (held.of(id).isEmpty()) {
      Optional<Note> note = notes.of(id);
      if (note.isPresent()) {
        adopt(
            note.get(),
            family.marked(note.get().mark().owner()).stream()
                .filter(each -> each.id().equals(id))
                .findFirst());
      }
    }
    return held.of(id);
  }

  @Override
  public TaskState start(TaskOrder order) throws TaskException {
    List<String> refusals = refusals(order);
    if (!refusals.isEmpty()) {
      throw new TaskException(Kind.REFUSED, String.join("; ", refusals), null);
    }
    return attempt(
        "start task " + order.id(),
        () -> {
          if (find(order.id()).isEmpty() && !observed.contains(order.owner())) {
            observe(order.owner());
          }
          Optional<Note> there = held.of(order.id());
          if (there.isPresent() && there.get().exit().isEmpty()) {
            return there.get().state();
          }
          forget(order.id());
          Starter.Started started = starter.start(order);
          held.keep(started.note(), started.process());
          return started.note().state();
        });
  }

  @Override
  public void signal(TaskId id, String signal) throws TaskException {
    String name =
        Signals.named(signal)
            .orElseThrow(
                () -> new TaskException(Kind.REFUSED, Signals.refusal(signal).orElseThrow(), null));
    attempt(
        "signal task " + id,
        () -> {
          Optional<Note> note = find(id); // which also sees what signals it hears
          if (note.isPresent()) {
            family.signal(note.get(), name);
          }
          return id;
        });
  }

  @Override
  public void kill(TaskId id) throws TaskException {
    attempt(
        "end task " + id,
        () -> {
          Optional<Note> note = find(id);
          if (note.isPresent()) {
            family.end(note.get());
            held.awaitEnd(id);
          }
          return id;
        });
  }

  @Override
  public void forget(TaskId id) throws TaskException {
    attempt(
        "forget task " + id,
        () -> {
          Optional<Note> note = find(id);
          if (note.isPresent() && note.get().exit().isEmpty()) {
            throw new IOException("it still runs");
          }
          if (note.isPresent()) {
            family.end(note.get());
            ControlGroups.remove(note.get().groups());
          }
          held.drop(id);
          return id;
        });
  }

  @Override
  public Ran run(TaskId id, List<String> command, Duration limit) throws TaskException {
    return attempt(
        "run a command beside task " + id,
        () -> {
          Note note =
              find(id)
                  .filter(each -> each.exit().isEmpty())
                  .orElseThrow(() -> new IOException("it does not run"));
          return new ScriptCheck(family).run(beside(note, command), limit);
        });
  }

  private Launch beside(Note note, List<String> command) throws IOException, TaskException {
    long pid = note.leader().orElseThrow().pid();
    Path directory = Path.of("/proc/" + pid + "/cwd").toRealPath();
    Map<String, String> environment = proc.environment(pid);
    Path file =
        Launch.file(command.get(0), directory, environment)
            .orElseThrow(
                () ->
                    new TaskException(
                        Kind.REFUSED,
                        "there is no " + Spelling.quoted(command.get(0)) + " that can be run",
                        null));
    List<String> line = new ArrayList<>(command);
    line.set(0, file.toString());
    return new Launch(
        line,
        new TreeMap<>(environment),
        directory,
        accounts.changeTo(proc.user(pid).orElse("")),
        note.groups());
  }

  @Override
  public void onExit(Runnable ended) {
    listeners.add(ended);
  }

  @Override
  public void close() {
    held.close();
    stop.run();
    listeners.clear();
  }

  /** Something that the machine may not do. */
  private interface Attempt<T> {
    T make() throws IOException, TaskException;
  }

  private static <T> T attempt(String what, Attempt<T> attempt) throws TaskException {
    try {
      return attempt.make();
    } catch (IOException e) {
      throw new TaskException(Kind.FAILED, "cannot " + what + ": " + e.getMessage(), e);
    }
  }
}
