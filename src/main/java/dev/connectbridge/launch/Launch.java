package dev.connectbridge.launch;

import dev.connectbridge.admit.Interpolation;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.TaskSpec;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The task of a proxy, ready to run but for its directories. Two services that share one task have
 * one launch, that of the first. Its text holds neither environment nor configuration.
 *
 * @param allocation the ID of the allocation that it belongs to
 * @param group the group that it belongs to, for people: {@code job.group[index]}
 * @param service the ID of the service that the proxy stands before, or that it is itself
 * @param proxy the ID under which Consul knows the proxy
 * @param task what runs, with everything filled in that is known before there are directories
 * @param env its environment, {@code NOMAD_…} and the author's, the author's before ours
 * @param admin where Envoy listens for its administrator
 * @param asksAgent whether the bridge chose a proxy that asks the agent itself, and must be told
 *     how
 * @param bootstrap what is to be made before it starts
 * @param listening where a built-in proxy listens, and for whom; empty for others, which move their
 *     listeners themselves
 * @param problems why it cannot run as it stands
 */
public record Launch(
    String allocation,
    String group,
    String service,
    String proxy,
    TaskSpec task,
    SortedMap<String, String> env,
    Admin admin,
    boolean asksAgent,
    Optional<Bootstrap> bootstrap,
    SortedSet<String> listening,
    List<Problem> problems) {

  private static final Place NOWHERE = new Place("", "", "", new TreeMap<>());

  public Launch {
    env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
    listening = Collections.unmodifiableSortedSet(new TreeSet<>(listening));
    problems = List.copyOf(problems);
  }

  /**
   * Where Envoy listens for its administrator. No two that run in one network may have the same.
   *
   * @param variable the variable that tells the task
   * @param address host and port
   */
  public record Admin(String variable, String address) {}

  /**
   * What is only known where the task runs.
   *
   * @param allocDir {@code NOMAD_ALLOC_DIR}, as the task sees it
   * @param taskDir {@code NOMAD_TASK_DIR}, as the task sees it
   * @param secretsDir {@code NOMAD_SECRETS_DIR}, as the task sees it
   * @param agent the variables by which the consul command finds the agent, {@code
   *     CONSUL_HTTP_ADDR} and {@code CONSUL_HTTP_TOKEN_FILE} for instance; the values may ask for
   *     the directories
   */
  public record Place(
      String allocDir, String taskDir, String secretsDir, SortedMap<String, String> agent) {
    public Place {
      agent = Collections.unmodifiableSortedMap(new TreeMap<>(agent));
    }

    SortedMap<String, String> directories() {
      SortedMap<String, String> directories = new TreeMap<>();
      directories.put("NOMAD_ALLOC_DIR", allocDir);
      directories.put("NOMAD_TASK_DIR", taskDir);
      directories.put("NOMAD_SECRETS_DIR", secretsDir);
      return directories;
    }

    @Override
    public String toString() {
      return "place " + taskDir;
    }
  }

  /**
   * A task with nothing left to fill in. Its text holds neither environment nor configuration.
   *
   * @param task what runs
   * @param env its whole environment
   * @param unknown the references that nobody knows; they stay as written
   */
  public record Filled(TaskSpec task, SortedMap<String, String> env, SortedSet<String> unknown) {
    public Filled {
      env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
      unknown = Collections.unmodifiableSortedSet(new TreeSet<>(unknown));
    }

    @Override
    public String toString() {
      return task + (unknown.isEmpty() ? "" : ", unknown " + unknown);
    }
  }

  /** Returns what tells this launch from all others of this machine. */
  public String id() {
    return allocation + "." + task.name();
  }

  /** Returns the task as it runs at a place. */
  public Filled in(Place place) {
    Interpolation known = at(place);
    SortedMap<String, String> whole = new TreeMap<>();
    if (asksAgent) {
      whole.putAll(place.agent());
    }
    whole.putAll(known.values());
    whole.putAll(env);
    whole.replaceAll((name, value) -> known.apply(value));
    return new Filled(task.mapTexts(known::apply), whole, unknown());
  }

  /** Returns the words of a command that is run beside the task, as they are at a place. */
  public List<String> words(List<String> command, Place place) {
    return command.stream().map(at(place)::apply).toList();
  }

  /** Returns the references of a text that are neither filled in nor directories, as written. */
  public static SortedSet<String> unknownIn(String text) {
    return new Interpolation(NOWHERE.directories()).unknownIn(text);
  }

  private Interpolation at(Place place) {
    SortedMap<String, String> known = place.directories();
    known.put(admin.variable(), admin.address());
    return new Interpolation(known);
  }

  /** Returns the references that no place will know, as written. */
  public SortedSet<String> unknown() {
    Interpolation known = at(NOWHERE);
    SortedSet<String> unknown = new TreeSet<>();
    task.mapTexts(
        text -> {
          unknown.addAll(known.unknownIn(text));
          return text;
        });
    return unknown;
  }

  /** Returns the same with Envoy's administrator elsewhere. */
  public Launch withAdmin(String address) {
    return new Launch(
        allocation,
        group,
        service,
        proxy,
        task,
        env,
        new Admin(admin.variable(), address),
        asksAgent,
        bootstrap.map(before -> before.withAdmin(address)),
        listening,
        problems);
  }

  /**
   * Returns what warrants another process when it changes. Upstreams do not, since every proxy
   * takes a new one as it runs; how the task is ended is nothing that its process knows.
   */
  public String hash() {
    return Digest.of(this);
  }

  /** Returns {@link #listening} as text, to be kept beside {@link #hash}. */
  public String listeningText() {
    return String.join("\n", listening);
  }

  /**
   * Returns whether a proxy that was started with another {@link #listeningText} must be started
   * again, although its task is the same: the built-in one never closes a listener, nor moves it.
   */
  public boolean mustRestart(String listeningBefore) {
    return !listening.containsAll(listeningBefore.lines().toList());
  }

  /** Returns whether it is Consul's built-in proxy, which keeps connections to the agent open. */
  public boolean isBuiltin() {
    return !listening.isEmpty();
  }

  @Override
  public String toString() {
    return "launch of " + task + " for " + proxy;
  }
}
